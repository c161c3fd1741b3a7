package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;

/** A real Redis on a free port of this machine, for servers that share a log. */
public final class RedisServer implements AutoCloseable {

    private final Path directory = TemporaryFiles.directory();
    private final List<String> command;
    private final int port;
    private Process process;

    private RedisServer(int port, List<String> options) {
        this.port = port;
        this.command = new ArrayList<>(List.of(
                unpack(directory).toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString()));
        command.addAll(options);
        Runtime.getRuntime().addShutdownHook(new Thread(this::endProcess));
        start();
    }

    /** One that forgets everything at its end. */
    public static RedisServer start(String... options) {
        return new RedisServer(freePort(), Arrays.asList(options));
    }

    /** One that has on disk what it has answered for. */
    public static RedisServer startLasting() {
        return start("--appendonly", "yes", "--appendfsync", "always");
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** SIGKILL, and waits until it has ended. */
    public void kill() {
        endProcess();
    }

    /** Starts it again after it was killed, on the same port and directory. */
    public void startAgain() {
        start();
    }

    /** SIGSTOP: connections stay, and nothing answers. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** One command without blanks in its words, and the first line of its answer. */
    public String call(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            return String.valueOf(answer.readLine());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        endProcess();
        TemporaryFiles.remove(directory);
    }

    private void start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Awaitility.await("Redis")
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> call("PING").equals("+PONG"));
    }

    private void endProcess() {
        process.destroyForcibly().onExit().join();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.onExit().join().exitValue()).isZero();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path unpack(Path directory) {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        try (InputStream packed = RedisServer.class.getResourceAsStream("/redis-server-7.0.15-" + os + "-" + arch)) {
            Path program = directory.resolve("redis-server");
            Files.write(program, packed.readAllBytes());
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return program;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
