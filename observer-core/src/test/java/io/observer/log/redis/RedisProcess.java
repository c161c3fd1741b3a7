package io.observer.log.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A real Redis of the test's own, on a free port of this machine; nothing of it is kept on disk unless asked for. */
final class RedisProcess implements AutoCloseable {

    private static final Path PROGRAM = unpack();

    private final List<String> command;
    private final int port;
    private final int clusterPort;
    private Process process;

    private RedisProcess(int port, int clusterPort, List<String> command) {
        this.port = port;
        this.clusterPort = clusterPort;
        this.command = command;
        start();
    }

    static RedisProcess with(String... options) {
        return with(0, options);
    }

    /** A node of a cluster that has yet to meet the others. */
    static RedisProcess ofCluster() {
        int clusterPort = freePort();
        return with(clusterPort, "--cluster-enabled", "yes", "--cluster-port", Integer.toString(clusterPort));
    }

    private static RedisProcess with(int clusterPort, String... options) {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(PROGRAM.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of(options));
        return new RedisProcess(port, clusterPort, command);
    }

    /** One that watches {@code master}, by the name main, and makes a replica the master soon after that is gone. */
    static RedisProcess sentinelOf(RedisProcess master) throws IOException {
        Path configuration = Files.createTempFile("sentinel-", ".conf");
        Files.writeString(configuration, """
                sentinel monitor main 127.0.0.1 %d 1
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 3000
                """.formatted(master.port()));
        int port = freePort();
        return new RedisProcess(
                port,
                0,
                List.of(
                        PROGRAM.toString(),
                        configuration.toString(),
                        "--sentinel",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1"));
    }

    /** What the Redis at {@code url} answers to {@code question}. */
    static <T> T asked(String url, Function<RedisCommands<String, String>, T> question) {
        RedisClient client = RedisClient.create(url);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    int port() {
        return port;
    }

    /** Where the other nodes of a cluster reach it. */
    int clusterPort() {
        return clusterPort;
    }

    /** One command without blanks in its words, and the first line of its answer. */
    String call(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            return String.valueOf(answer.readLine());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it again, on the same port. */
    void start() {
        try {
            process = new ProcessBuilder(command)
                    .directory(Files.createTempDirectory("redis-").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(this::listens);
    }

    /** As the kernel's out-of-memory killer does it. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops its clock, so that connections stay and nothing answers. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    @Override
    public void close() {
        kill();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path unpack() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64") ? "arm64" : "amd64";
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String name = "redis-server-7.0.15-" + os + "-" + arch;
        try (InputStream packed = RedisProcess.class.getResourceAsStream("/" + name)) {
            Path program = Files.createTempFile("redis-server-", "");
            Files.write(program, packed.readAllBytes());
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            program.toFile().deleteOnExit();
            return program;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
