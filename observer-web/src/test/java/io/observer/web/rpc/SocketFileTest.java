package io.observer.web.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The place of a socket")
class SocketFileTest {

    @TempDir
    private Path directory;

    @Test
    void gets_its_directory() throws IOException {
        SocketFile.prepare(directory.resolve("new/deep/rpc.sock"));

        assertThat(directory.resolve("new/deep")).isEmptyDirectory();
    }

    @Test
    void is_cleared_of_what_nobody_serves_any_more() throws IOException {
        Path socket = directory.resolve("rpc.sock");
        listener(socket).close();
        assertThat(socket).exists();

        SocketFile.prepare(socket);

        assertThat(socket).doesNotExist();
    }

    @Test
    void is_not_taken_from_who_listens_there() throws IOException {
        Path socket = directory.resolve("rpc.sock");
        try (ServerSocketChannel listener = listener(socket)) {
            assertRefused(socket, "another program listens there");
            assertThat(listener.isOpen()).isTrue();
        }
    }

    @Test
    void is_left_alone_when_a_file_or_a_link_is_there() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));

        assertRefused(file, "a file is there that is no socket");
        assertRefused(link, "a symbolic link is there, which is not followed");

        assertThat(file).hasContent("mine");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void is_left_alone_when_a_pipe_is_there() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertRefused(pipe, "a file is there that is no socket");
    }

    @Test
    void is_left_alone_when_it_cannot_be_told_whether_somebody_listens_there() throws Exception {
        assumeThat(Path.of("/usr/bin/python3")).exists();
        Path socket = directory.resolve("datagrams.sock");
        Process listener = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket,sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); input()",
                        socket.toString())
                .start();
        try {
            await().until(() -> Files.exists(socket));
            assertThatThrownBy(() -> SocketFile.prepare(socket))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("whether somebody listens there cannot be told: ");
            assertThat(socket).exists();
        } finally {
            listener.destroy();
        }
    }

    private static void assertRefused(Path socket, String reason) {
        assertThatThrownBy(() -> SocketFile.prepare(socket))
                .isInstanceOf(IOException.class)
                .hasMessage(reason);
        assertThat(Files.isSymbolicLink(socket) || Files.exists(socket)).isTrue();
    }

    private static ServerSocketChannel listener(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }
}
