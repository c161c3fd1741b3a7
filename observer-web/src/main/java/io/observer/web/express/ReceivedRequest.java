package io.observer.web.express;

import io.netty.buffer.ByteBuf;
import io.observer.web.guard.BodyBudget;
import io.observer.web.http.Problem;
import java.util.Arrays;

/** A request and as much of its body as has come. */
final class ReceivedRequest {

    /** What is set aside before anything has come: a client that announces much and sends nothing gets no more. */
    private static final int MAX_INITIAL_BYTES = BodyBudget.FREE_BYTES;

    private final ExpressRequest request;
    private final BodyBudget.Body held;
    private final int length;
    private byte[] bytes;
    private int received;

    ReceivedRequest(ExpressRequest request, BodyBudget.Body held) {
        this.request = request;
        this.held = held;
        this.length = request instanceof ExpressRequest.Publish publish ? publish.length() : 0;
        this.bytes = new byte[Math.min(length, MAX_INITIAL_BYTES)];
    }

    ExpressRequest request() {
        return request;
    }

    /**
     * Takes the next part; the codec sees to it that there is no more than was announced.
     *
     * @throws Problem if there is no room for it
     */
    void add(ByteBuf part) {
        int size = part.readableBytes();
        held.came(size);
        if (received + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(length, Math.max(received + size, 2 * bytes.length)));
        }
        part.readBytes(bytes, received, size);
        received += size;
    }

    /** The whole body, of which nothing is on its way any more. */
    byte[] body() {
        held.done();
        return bytes;
    }

    /** Nobody waits for the rest. */
    void drop() {
        held.done();
    }
}
