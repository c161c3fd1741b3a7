package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One open stream of a job. */
final class SseReader extends Connection implements SseScanner.Listener {

    private final SseReaders all;
    private final byte[] request;
    private final HttpHead.Collector heads = new HttpHead.Collector();
    private final ChunkDecoder chunks = new ChunkDecoder();
    private final SseScanner scanner = new SseScanner(this);
    private final SequenceCheck check;
    private @Nullable HttpHead head;
    private boolean open;
    private boolean ended;

    SseReader(ClientLoop loop, Target target, Subscription subscription, SseReaders all, int receiveBytes) {
        super(loop, target.address(), receiveBytes);
        this.all = all;
        this.check = new SequenceCheck(subscription.next());
        this.request = """
                GET %s HTTP/1.1
                Host: %s
                Accept: text/event-stream

                """.formatted(subscription.path(), target.authority())
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    void open() throws IOException {
        write(request);
    }

    boolean hasEnded() {
        return ended;
    }

    Losses losses(long last) {
        return check.losses(last);
    }

    @Override
    void received(ByteBuffer bytes, long now) throws IOException {
        if (head == null) {
            head = heads.take(bytes);
            if (head == null) {
                return;
            }
            if (head.status() != 200 || !head.chunked()) {
                throw new IOException("a stream was answered with status " + head.status());
            }
        }
        ended |= chunks.decode(bytes, body -> scanner.scan(body, now));
    }

    @Override
    void ended() throws IOException {
        if (!open) {
            throw new IOException("the server closed a stream before its first frame");
        }
        ended = true;
    }

    @Override
    public void event(long sequence, long now) {
        long before = check.position();
        check.event(sequence);
        all.delivered(sequence, now);
        all.moved(before, check.position(), now);
    }

    @Override
    public void gap(long dropped) {
        check.gap(dropped);
    }

    @Override
    public void control(String name) throws IOException {
        if (name.equals("hello")) {
            open = true;
            all.opened();
        } else if (name.equals("busy")) {
            throw new IOException("the server has no room for so many streams");
        }
    }
}
