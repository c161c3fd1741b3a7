package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Patience;
import io.observer.e2e.kit.SseClients;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configurations stand in {@code docs/security.md}; only their ports are replaced. A proxy that is not there is left out. */
@Tag("long")
@DisplayName("Behind a proxy, as the documentation sets it up")
class BehindProxyIT {

    private static final String NAME = "observer.example";

    @TempDir
    private Path directory;

    private final int port = freePort();
    private Process proxy;

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.destroy();
            proxy.onExit().join();
        }
    }

    @Test
    void nginx_passes_events_on_at_once_and_keeps_browsers_when_the_server_is_away() throws IOException {
        String nginx = SseClients.need("nginx", "/usr/sbin/nginx").toString();
        try (ObserverServer server = start()) {
            String paths = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                    .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";")
                    .reduce("", String::concat);
            Path file = Files.writeString(
                    directory.resolve("nginx.conf"),
                    "user root; daemon off; pid " + directory.resolve("pid")
                            + "; error_log stderr; events {} http { access_log off; " + paths
                            + configuration("nginx", server).replace("listen 80;", "listen " + port + ";") + "}");
            run(nginx, "-e", "stderr", "-c", file.toString());
            assertPassesOn(server);
        }
        assertKeepsBrowsers();
    }

    @Test
    void caddy_does_so_too() throws IOException {
        String caddy = SseClients.need("caddy").toString();
        try (ObserverServer server = start()) {
            Path file = Files.writeString(
                    directory.resolve("Caddyfile"),
                    "{\n\tadmin off\n}\n"
                            + configuration("caddy", server)
                                    .replace(NAME + " {", "http://" + NAME + ":" + port + " {"));
            run(caddy, "run", "--adapter", "caddyfile", "--config", file.toString());
            assertPassesOn(server);
        }
        assertKeepsBrowsers();
    }

    @Test
    void haproxy_does_so_too() throws IOException {
        String haproxy = SseClients.need("haproxy", "/usr/sbin/haproxy").toString();
        try (ObserverServer server = start()) {
            Path file = Files.writeString(
                    directory.resolve("haproxy.cfg"),
                    configuration("haproxy", server).replace("bind :80", "bind 127.0.0.1:" + port));
            run(haproxy, "-f", file.toString());
            assertPassesOn(server);
        }
        assertKeepsBrowsers();
    }

    private static ObserverServer start() {
        return ObserverServer.start("--observer.security.allowed-hosts=" + NAME);
    }

    private static String configuration(String language, ObserverServer server) throws IOException {
        Path page = Path.of("..", "docs", "security.md");
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(page));
        assertThat(block.find()).as("%s in %s", language, page).isTrue();
        return block.group(1).replace("127.0.0.1:3219", "127.0.0.1:" + server.port());
    }

    private void run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of("XDG_DATA_HOME", directory.toString(), "XDG_CONFIG_HOME", directory.toString()));
        proxy = builder.start();
    }

    /** Nothing comes after the event that could push it through a buffer. */
    private void assertPassesOn(ObserverServer server) throws IOException {
        Awaitility.await("the proxy").until(() -> ask("GET", "/health", "").contains("\"UP\""));

        try (Socket reader = connect()) {
            reader.getOutputStream().write(request("GET", "/v1/events/stream", ""));
            readThrough(reader, "event: hello");
            for (int n = 1; n <= 3; n++) {
                assertThat(ask("POST", "/v1/events", "{\"event\":\"e." + n + "\"}"))
                        .contains("\"id\":" + n);
                readThrough(reader, "event: e." + n + "\n");
            }
        }
        String line = "{\"event\":\"large\",\"data\":{\"x\":\"" + "x".repeat(2_000) + "\"}}\n";
        String large = line.repeat((8 << 20) / line.length());
        assertThat(ask("POST", "/v1/events", large)).contains("\"count\":");
    }

    private void assertKeepsBrowsers() {
        Awaitility.await("busy")
                .until(() -> ask("GET", "/v1/events/stream", "").endsWith("retry: 5000\nevent: busy\ndata: {}\n\n"));
        assertThat(ask("GET", "/v1/events/stream", "")).startsWith("HTTP/1.1 200");
        assertThat(ask("GET", "/v1/events", "")).matches("(?s)HTTP/1\\.1 50[234] .*");
    }

    private String ask(String method, String target, String body) {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request(method, target, body));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Patience.TIME.toMillis());
        return socket;
    }

    private byte[] request(String method, String target, String body) {
        String type = body.contains("\n") ? "application/x-ndjson" : "application/json";
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + NAME + ":" + port + "\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n");
        return (head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static void readThrough(Socket socket, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] block = new byte[4_096];
        while (read.indexOf(text) < 0) {
            int count = in.read(block);
            assertThat(count).as("%s", read).isPositive();
            read.append(new String(block, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
