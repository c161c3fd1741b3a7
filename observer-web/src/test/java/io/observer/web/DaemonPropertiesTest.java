package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@DisplayName("The settings of daemons")
class DaemonPropertiesTest {

    @Test
    void name_no_socket_unless_told() {
        DaemonProperties none = sockets("", null);

        assertThat(none.daemon(Path.of("data"))).isEmpty();
        assertThat(none.socket()).isNull();
        assertThat(none.rpcSocket()).isNull();
    }

    @Test
    void do_not_let_a_server_listen_to_itself() {
        assertThatThrownBy(() -> sockets("run/../one.sock", "one.sock"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("observer.daemon.rpc-socket is ")
                .hasMessageEndingWith(
                        "one.sock but must be another than daemon.socket, or the server would listen to itself");
    }

    @Test
    void refuse_a_path_that_no_socket_can_have() {
        assertThatThrownBy(() -> sockets("/" + "x".repeat(107), null))
                .hasMessage(
                        "observer.daemon.socket is longer but must be the path of a Unix socket, of at most 107 bytes,"
                                + " directories included");
    }

    @Test
    void leave_room_for_an_answer() {
        assertThatThrownBy(() -> properties(null, "a.sock", DataSize.ofKilobytes(2_047)))
                .hasMessage("observer.daemon.rpc-memory is 2096128B but must be at least 2MB");
    }

    private static DaemonProperties sockets(@Nullable String daemon, @Nullable String rpc) {
        return properties(daemon, rpc, DataSize.ofMegabytes(64));
    }

    private static DaemonProperties properties(@Nullable String daemon, @Nullable String rpc, DataSize memory) {
        return new DaemonProperties(
                daemon == null ? null : Path.of(daemon),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                rpc == null ? null : Path.of(rpc),
                2_000,
                memory);
    }
}
