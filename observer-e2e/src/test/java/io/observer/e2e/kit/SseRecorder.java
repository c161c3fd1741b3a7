package io.observer.e2e.kit;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader on a bare HTTP/1.1 socket. Nothing lies between it and the wire: the head, the body's bytes and the last chunk
 * are seen as they were sent, and it can stop taking bytes, as a browser in a suspended laptop does.
 */
public final class SseRecorder extends SseReader {

    /** What a slow reader's kernel takes for it; the rest stays with the server. */
    private static final int SMALL_WINDOW = 4096;

    private final Socket socket;
    private @Nullable SseHead head;

    private SseRecorder(int port, String target, boolean slow, List<String> fields) {
        super(target);
        this.socket = new Socket();
        try {
            if (slow) {
                pauseAtFirstFrame();
                socket.setReceiveBufferSize(SMALL_WINDOW);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(request(port, target, fields).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("no stream " + target, e);
        }
        start(this::readAnswer);
    }

    /**
     * Opens a stream.
     *
     * @param target path and query
     * @param fields more header fields, such as {@code Last-Event-ID: k3f9x2-42}; an {@code Accept} among them replaces
     *     the usual one
     */
    public static SseRecorder open(ObserverServer server, String target, String... fields) {
        return new SseRecorder(server.port(), target, false, List.of(fields));
    }

    /**
     * As {@link #open}, but it pauses of its own accord once it has its first frame, and its receive window is so small
     * that what it leaves unread stays with the server.
     */
    public static SseRecorder openSlow(ObserverServer server, String target, String... fields) {
        return new SseRecorder(server.port(), target, true, List.of(fields));
    }

    private static String request(int port, String target, List<String> fields) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
        request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        if (fields.stream().noneMatch(f -> f.startsWith("Accept:"))) {
            request.append("Accept: text/event-stream\r\n");
        }
        fields.forEach(field -> request.append(field).append("\r\n"));
        return request.append("\r\n").toString();
    }

    /** Waits for the head of the answer. */
    public SseHead head() {
        synchronized (lock) {
            await("the head", () -> head != null || hasEnded());
            if (head == null) {
                throw new AssertionError("no head came: " + this);
            }
            return head;
        }
    }

    @Override
    public void close() {
        try {
            resume();
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAnswer() throws IOException {
        try (InputStream in = new Gate(socket.getInputStream())) {
            SseHead answer = SseHead.read(in);
            synchronized (lock) {
                head = answer;
                lock.notifyAll();
            }
            if (answer.field("Transfer-Encoding").equalsIgnoreCase("chunked")) {
                readChunks(in);
            } else if (answer.status() != 204) {
                record(exactly(Integer.parseInt(answer.field("Content-Length")), in));
            }
        }
    }

    private void readChunks(InputStream in) throws IOException {
        int size = Integer.parseInt(line(in), 16);
        while (size > 0) {
            record(exactly(size, in));
            line(in);
            size = Integer.parseInt(line(in), 16);
        }
        if (!line(in).isEmpty()) {
            throw new IOException("something follows the last chunk");
        }
    }

    private static byte[] exactly(int length, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended within the body");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended without a last chunk");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Lets bytes through unless the recorder is paused, a buffer at a time. */
    private final class Gate extends FilterInputStream {

        private final byte[] buffer = new byte[SMALL_WINDOW];
        private int position;
        private int limit;

        Gate(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int n = Math.min(length, limit - position);
            System.arraycopy(buffer, position, bytes, offset, n);
            position += n;
            return n;
        }

        /** Makes sure that a byte is there; false at the end of the connection. */
        private boolean fill() throws IOException {
            if (position < limit) {
                return true;
            }
            awaitResumed();
            position = 0;
            limit = in.read(buffer);
            return limit > 0;
        }
    }
}
