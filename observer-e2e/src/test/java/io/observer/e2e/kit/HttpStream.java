package io.observer.e2e.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** An answer that goes on: reads it on a thread of its own and keeps the frames, so that a test can look back. */
public final class HttpStream implements AutoCloseable {

    private final HttpConnection connection;
    private final HttpAnswer head;
    private final Queue<String> frames = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Boolean> cleanEnd = new CompletableFuture<>();

    private HttpStream(HttpConnection connection, HttpAnswer head) {
        this.connection = connection;
        this.head = head;
    }

    /** Opens a stream and returns when its head is there. */
    public static HttpStream open(ObserverServer server, HttpCall call) {
        HttpConnection connection = HttpConnection.open(server);
        try {
            connection.write(call);
            HttpAnswer head = connection.readHead();
            HttpStream stream = new HttpStream(connection, head);
            Thread reader = new Thread(() -> stream.gather(connection.bodyOf(head)), "stream of " + server.port());
            reader.setDaemon(true);
            reader.start();
            return stream;
        } catch (IOException e) {
            connection.close();
            throw new UncheckedIOException("no head came for " + call, e);
        }
    }

    private void gather(InputStream body) {
        // Bytes are taken for characters one by one: names are ASCII, and of the rest only equality counts.
        try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.ISO_8859_1))) {
            StringBuilder frame = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    frame.append(line).append('\n');
                } else {
                    frames.add(frame.toString());
                    frame.setLength(0);
                }
            }
            cleanEnd.complete(frame.isEmpty());
        } catch (IOException e) {
            cleanEnd.complete(false);
        }
    }

    public HttpAnswer head() {
        return head;
    }

    /** The whole frames received so far, without the empty line that ends each. */
    public List<String> frames() {
        return List.copyOf(frames);
    }

    /** The frames of this event name. */
    public List<String> frames(String event) {
        return frames().stream().filter(frame -> nameOf(frame).equals(event)).toList();
    }

    /** The event names of the whole frames received so far, heartbeats left out. */
    public List<String> events() {
        return frames().stream()
                .map(HttpStream::nameOf)
                .filter(name -> !name.equals("heartbeat"))
                .toList();
    }

    private static String nameOf(String frame) {
        return frame.lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .findFirst()
                .orElse("message");
    }

    /** Waits until the stream has come to say something. */
    public HttpStream await(String what, Predicate<HttpStream> condition) {
        try {
            Awaitility.await(what).pollInterval(Duration.ofMillis(5)).until(() -> condition.test(this));

            return this;
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the stream never came to: " + what + "\n" + frames(), e);
        }
    }

    /** Waits for the end and says whether it was a clean one: the last chunk after a whole frame, not a cut. */
    public boolean endsCleanly() {
        await("its end", stream -> stream.cleanEnd.isDone());
        return cleanEnd.join();
    }

    @Override
    public void close() {
        connection.close();
    }
}
