package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readers that come and go by the hundred, half of them cut off in the middle of a frame, while events flow. */
class ReconnectStormIT {

    private static final Pattern OPEN = Pattern.compile("(?m)^observer_streams_open ([0-9.]+)$");

    private static final String LINE = "{\"event\":\"log.line\",\"data\":{\"line\":\"" + "x".repeat(2_000) + "\"}}\n";

    @Test
    void a_storm_of_200_readers_in_5_rounds_leaves_nothing_behind() throws IOException {
        storm(200, 5);
    }

    @Test
    @Tag("long")
    void a_storm_of_1_000_readers_in_20_rounds_leaves_nothing_behind() throws IOException {
        storm(1_000, 20);
    }

    private static void storm(int readers, int rounds) throws IOException {
        try (ObserverServer server = ObserverServer.start()) {
            HttpApi api = new HttpApi(server);
            api.publishLines(LINE.repeat(500));
            long filesBefore = openFiles(server);
            AtomicBoolean over = new AtomicBoolean();
            Thread publisher = new Thread(() -> {
                while (!over.get()) {
                    api.publishLines(LINE.repeat(20));
                }
            });
            publisher.start();
            try {
                for (int round = 0; round < rounds; round++) {
                    comeAndGo(server, readers);
                }
            } finally {
                over.set(true);
                join(publisher);
            }

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(streamsOpen(api)).isZero();
                assertThat(openFiles(server)).isLessThanOrEqualTo(filesBefore + 5);
            });
            assertThat(api.publish("{\"event\":\"after\"}").required("id").longValue())
                    .isPositive();
            // Leak detection is paranoid; what it finds it says with a stack.
            assertThat(server.stderr()).doesNotContain("LEAK").doesNotContain("\tat ");
        }
    }

    private static void comeAndGo(ObserverServer server, int readers) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int n = 0; n < readers; n++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(socket);
            String query = n % 3 == 0 ? "?since=0" : n % 3 == 1 ? "?last=100&names=off" : "";
            socket.getOutputStream()
                    .write(("GET /v1/events/stream" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }
        byte[] some = new byte[1_000];
        for (int n = 0; n < readers; n++) {
            InputStream in = sockets.get(n).getInputStream();
            assertThat(in.read(some)).isPositive();
            assertThat(new String(some, 0, 15, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
            leave(sockets.get(n), n % 2 == 0);
        }
    }

    /** In the middle of what the server writes: with a reset, or as a client does that has read enough. */
    private static void leave(Socket socket, boolean cut) throws SocketException, IOException {
        if (cut) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private static double streamsOpen(HttpApi api) {
        Matcher open = OPEN.matcher(api.get("/metrics").text());
        assertThat(open.find()).isTrue();
        return Double.parseDouble(open.group(1));
    }

    private static long openFiles(ObserverServer server) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return files.count();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
