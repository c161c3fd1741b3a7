package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The process that listens on a port")
class PortOwnerTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path proc;

    @BeforeEach
    void kernel() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        // 3219 is 0C93: one listens, one is connected.
        Files.writeString(proc.resolve("net/tcp"), HEAD + """
                   0: 0100007F:0C93 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 7001 1 0 20 4 30 10 -1
                   1: 0100007F:0C93 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7002 1 0 100 0 0 10 0
                """);
        Files.writeString(proc.resolve("net/tcp6"), HEAD + """
                   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7003 1 0 100 0 0 10 0
                """);
        process(31, 7001);
        process(32, 7002);
        process(33, 7003);
        Files.createDirectories(proc.resolve("34"));
    }

    private void process(int pid, int socket) throws IOException {
        Path files = Files.createDirectories(proc.resolve(pid + "/fd"));
        Files.createSymbolicLink(files.resolve("0"), Path.of("/dev/null"));
        Files.createSymbolicLink(files.resolve("7"), Path.of("socket:[" + socket + "]"));
    }

    @Test
    void is_the_one_that_holds_its_listening_socket() {
        assertThat(new PortOwner(proc).pid(3219)).hasValue(32);
        assertThat(new PortOwner(proc).pid(8080)).hasValue(33);
    }

    @Test
    void is_not_known_where_nobody_tells() throws IOException {
        assertThat(new PortOwner(proc).pid(40_000)).isEmpty();
        Files.delete(proc.resolve("32/fd/7"));
        assertThat(new PortOwner(proc).pid(3219)).isEmpty();
        assertThat(new PortOwner(proc.resolve("missing")).pid(3219)).isEmpty();
    }
}
