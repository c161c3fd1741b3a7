package io.observer.e2e.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.Patience;
import io.observer.e2e.kit.RedisServer;
import io.observer.e2e.kit.SseClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration stands in {@code docs/redis.md}; only its ports are replaced. */
@Tag("long")
@DisplayName("Two servers behind the load balancer of the documentation")
class BalancedNodesIT {

    @TempDir
    private Path directory;

    private int port;

    @Test
    void are_one_to_publishers_and_readers_also_when_one_is_killed() throws IOException {
        Process balancer = null;
        try (RedisServer redis = RedisServer.start();
                Nodes nodes = Nodes.start(2, redis)) {
            balancer = balance(nodes);
            Awaitility.await("the load balancer")
                    .until(() -> ask("GET", "/health", "").contains("\"UP\""));
            try (Socket reader = connect()) {
                BufferedReader frames = frames(reader, "/v1/events/stream");
                readThrough(frames, "event: hello");
                for (int n = 1; n <= 6; n++) {
                    assertThat(publish(n)).contains("\"id\":" + n);
                    readThrough(frames, "event: e." + n);
                }
            }
            nodes.kill(nodes.alive(0));
            try (Socket reader = connect()) {
                BufferedReader frames = frames(reader, "/v1/events/stream?since=4");
                Awaitility.await("the other server").until(() -> publish(7).contains("\"id\":7"));
                for (int n = 5; n <= 7; n++) {
                    readThrough(frames, "event: e." + n);
                }
            }
        } finally {
            if (balancer != null) {
                balancer.destroy();
                balancer.onExit().join();
            }
        }
    }

    private Process balance(Nodes nodes) throws IOException {
        port = freePort();
        Path page = Path.of("..", "docs", "redis.md");
        Matcher block = Pattern.compile("(?s)```nginx\n(.*?)```").matcher(Files.readString(page));
        assertThat(block.find()).as("nginx in %s", page).isTrue();
        Path file = Files.writeString(
                directory.resolve("nginx.conf"),
                "user root;\n"
                        + block.group(1)
                                .replace(
                                        "127.0.0.1:3219",
                                        "127.0.0.1:" + nodes.alive(0).port())
                                .replace(
                                        "127.0.0.1:3220",
                                        "127.0.0.1:" + nodes.alive(1).port())
                                .replace("127.0.0.1:8080", "127.0.0.1:" + port));
        String nginx = SseClients.need("nginx", "/usr/sbin/nginx").toString();
        return new ProcessBuilder(nginx, "-e", "stderr", "-p", directory.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private String publish(int n) {
        return ask("POST", "/v1/events", "{\"event\":\"e." + n + "\"}");
    }

    private String ask(String method, String target, String body) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request(method, target, body));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }

    private static BufferedReader frames(Socket socket, String target) throws IOException {
        socket.getOutputStream().write(request("GET", target, ""));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void readThrough(BufferedReader frames, String line) throws IOException {
        String read = frames.readLine();
        while (!line.equals(read)) {
            assertThat(read).as("the end instead of %s", line).isNotNull();
            read = frames.readLine();
        }
    }

    private static byte[] request(String method, String target, String body) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n");
        return (head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Patience.TIME.toMillis());
        return socket;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
