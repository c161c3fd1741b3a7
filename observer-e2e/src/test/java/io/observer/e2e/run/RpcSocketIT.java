package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the place at which a server makes its RPC socket. */
@Timeout(120)
class RpcSocketIT {

    @TempDir
    private Path directory;

    @Test
    void user_and_group_may_connect_and_after_the_end_nothing_is_left() throws IOException {
        Path socket = directory.resolve("new").resolve("rpc.sock");
        try (ObserverServer server = ObserverServer.start("--rpc-socket", socket.toString());
                RpcClient reader = RpcClient.subscribed(socket);
                RpcClient idle = RpcClient.at(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");

            assertThat(reader.ask("{\"method\":\"daemon.ready\",\"id\":1}")).contains("\"status\":\"ready\"");

            server.askToEnd();

            assertThat(reader.hear()).isNull();
            assertThat(idle.hear()).isNull();
            assertThat(server.endsWithin(Duration.ofSeconds(10))).isTrue();
            assertThat(server.stderr()).doesNotContain("\tat ");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    @Tag("long")
    void what_a_killed_server_left_is_replaced_and_what_a_running_one_has_is_not() {
        Path socket = directory.resolve("rpc.sock");
        try (ObserverServer killed = ObserverServer.start("--rpc-socket", socket.toString())) {
            killed.kill();
            assertThat(socket).exists();
        }
        try (ObserverServer server = ObserverServer.start("--rpc-socket", socket.toString())) {
            assertRefused(socket, "another program listens there");

            try (RpcClient client = RpcClient.at(socket)) {
                assertThat(client.ask("{\"method\":\"daemon.ready\",\"id\":1}")).contains("\"status\":\"ready\"");
            }
            assertThat(server.stderr()).doesNotContain("\tat ");
        }
    }

    private void assertRefused(Path socket, String reason) {
        try (Starting server = ObserverServer.launch(
                "serve",
                "--port",
                "0",
                "--log",
                "memory",
                "--data-dir",
                directory.resolve("data").toString(),
                "--rpc-socket",
                socket.toString())) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.stderr())
                    .contains("observer: observer.daemon.rpc-socket is " + socket + ", where no socket can be made: "
                            + reason + "; choose another with --rpc-socket")
                    .doesNotContain("\tat ");
        }
    }
}
