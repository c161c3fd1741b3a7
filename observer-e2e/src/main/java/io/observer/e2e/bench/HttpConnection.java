package io.observer.e2e.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A keep-alive connection: one request at a time, and of its answer only the status and the length. */
final class HttpConnection extends Connection {

    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    /** Called when an answer is complete; may send the next request. */
    @FunctionalInterface
    interface Answered {
        void answered(int status, long bytes) throws IOException;
    }

    private final Answered answered;
    private final HttpHead.Collector heads = new HttpHead.Collector();
    private boolean idle = true;
    private @Nullable Answer answer;

    HttpConnection(ClientLoop loop, Target target, Answered answered) {
        super(loop, target.address());
        this.answered = answered;
    }

    /** The bytes of a publish. */
    static byte[] post(Target target, String type, byte[] body) {
        String head = """
                POST /v1/events HTTP/1.1
                Host: %s
                Content-Type: %s
                Content-Length: %d

                """.formatted(target.authority(), type, body.length).replace("\n", "\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + body.length);
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    static byte[] get(Target target, String path) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(path, target.authority())
                .getBytes(StandardCharsets.US_ASCII);
    }

    void send(byte[] request) throws IOException {
        if (!idle) {
            throw new IllegalStateException("the last request has no answer yet");
        }
        idle = false;
        write(request);
    }

    boolean isIdle() {
        return idle;
    }

    @Override
    void received(ByteBuffer bytes, long now) throws IOException {
        while (bytes.hasRemaining()) {
            Answer current = answer;
            if (current == null) {
                HttpHead head = heads.take(bytes);
                if (head == null) {
                    return;
                }
                current = new Answer(head);
                answer = current;
            }
            if (current.isCompleteAfter(bytes)) {
                answer = null;
                idle = true;
                answered.answered(current.head.status(), current.bytes);
            }
        }
    }

    @Override
    void ended() throws IOException {
        throw new IOException("the server closed a connection that was to be kept alive");
    }

    /** The body that follows a head, counted and forgotten. */
    private static final class Answer {

        private final HttpHead head;
        private final ChunkDecoder chunks = new ChunkDecoder();
        private long left;
        private long bytes;

        Answer(HttpHead head) {
            this.head = head;
            this.left = head.length();
        }

        boolean isCompleteAfter(ByteBuffer in) throws IOException {
            if (head.chunked()) {
                return chunks.decode(in, body -> bytes += body.remaining());
            }
            int count = (int) Math.min(left, in.remaining());
            in.position(in.position() + count);
            left -= count;
            bytes += count;
            return left == 0;
        }
    }
}
