package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Vitals;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("long")
@Isolated
@DisplayName("Five thousand readers that all come back at once after a restart")
class RestartStormIT {

    private static final int READERS = 5_000;
    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path dataDir;

    @Test
    void miss_nothing_and_leave_nothing_behind() throws IOException {
        String[] log = {"--log=file", "--data-dir=" + dataDir};
        String cursor;
        int port;
        try (ObserverServer before = ObserverServer.start(log)) {
            HttpApi api = new HttpApi(before);
            cursor = api.publish("{\"event\":\"seen\"}").get("cursor").stringValue();
            api.publishLines("{\"event\":\"missed\"}\n".repeat(100));
            port = before.port();
            before.kill();
        }
        try (ObserverServer server = ObserverServer.start("--port=" + port, log[0], log[1])) {
            Vitals vitals = new Vitals(server);
            long files = vitals.openFiles();
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int n = 0; n < READERS; n++) {
                    sockets.add(comeBack(port, cursor));
                }
                HttpApi api = new HttpApi(server);
                Awaitility.await("all streams")
                        .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                        .until(() -> vitals.metric("observer_streams_open") == READERS);
                api.publish("{\"event\":\"live\"}");
                for (Socket socket : sockets) {
                    assertGotEverything(socket, cursor);
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            Awaitility.await("all descriptors")
                    .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                    .until(() -> vitals.openFiles() <= files + 5);
            assertThat(vitals.metric("observer_streams_open")).isZero();
        }
    }

    private static Socket comeBack(int port, String cursor) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        String request =
                "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nLast-Event-ID: "
                        + cursor + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The ids of all frames, which rise one by one from the event after {@code cursor} to the live one. */
    private static void assertGotEverything(Socket socket, String cursor) throws IOException {
        StringBuilder answer = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] block = new byte[16 * 1024];
        while (answer.indexOf("\nevent: live\n") < 0) {
            int read = in.read(block);
            assertThat(read).as("%s", answer).isPositive();
            answer.append(new String(block, 0, read, StandardCharsets.US_ASCII));
        }
        StringBuilder expected = new StringBuilder();
        String epoch = cursor.substring(0, cursor.lastIndexOf('-'));
        for (int id = 2; id <= 101; id++) {
            expected.append(String.format(Locale.ROOT, "id: %s-%d missed ", epoch, id));
        }
        expected.append("id: ")
                .append(epoch)
                .append("-101 caught_up id: ")
                .append(epoch)
                .append("-102 live ");
        StringBuilder got = new StringBuilder();
        String id = "";
        for (String line : answer.toString().split("\r?\n")) {
            if (line.startsWith("id: ")) {
                id = line;
            } else if (line.startsWith("event: ") && !line.equals("event: hello")) {
                got.append(id)
                        .append(' ')
                        .append(line, "event: ".length(), line.length())
                        .append(' ');
            }
        }
        assertThat(got).hasToString(expected.toString());
    }
}
