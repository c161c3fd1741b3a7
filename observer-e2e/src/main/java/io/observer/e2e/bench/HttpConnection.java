package io.observer.e2e.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A keep-alive connection: one request at a time, and of its answer only the status. */
final class HttpConnection extends Connection {

    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    /** Called when an answer is complete; may send the next request. */
    @FunctionalInterface
    interface Answered {
        void answered(HttpConnection connection, int status) throws IOException;
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
                answered.answered(this, current.head.status());
            }
        }
    }

    @Override
    void ended() throws IOException {
        throw new IOException("the server closed a publisher's connection");
    }

    /** The body that follows a head, read and forgotten. */
    private static final class Answer {

        private final HttpHead head;
        private final ChunkDecoder chunks = new ChunkDecoder();
        private long left;

        Answer(HttpHead head) {
            this.head = head;
            this.left = head.length();
        }

        boolean isCompleteAfter(ByteBuffer bytes) throws IOException {
            if (head.chunked()) {
                return chunks.decode(bytes, body -> {});
            }
            int count = (int) Math.min(left, bytes.remaining());
            bytes.position(bytes.position() + count);
            left -= count;
            return left == 0;
        }
    }
}
