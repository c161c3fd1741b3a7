package io.observer.web.express;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A request and as much of its body as has come. */
final class ReceivedRequest {

    /** What is set aside before anything has come: a client that announces much and sends nothing gets no more. */
    private static final int MAX_INITIAL_BYTES = 64 * 1024;

    private final ExpressRequest request;
    private final int length;
    private byte[] bytes;
    private int received;

    ReceivedRequest(ExpressRequest request) {
        this.request = request;
        this.length = request instanceof ExpressRequest.Publish publish ? publish.length() : 0;
        this.bytes = new byte[Math.min(length, MAX_INITIAL_BYTES)];
    }

    ExpressRequest request() {
        return request;
    }

    /** Takes the next part; the codec sees to it that there is no more than was announced. */
    void add(ByteBuf part) {
        int size = part.readableBytes();
        if (received + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(length, Math.max(received + size, 2 * bytes.length)));
        }
        part.readBytes(bytes, received, size);
        received += size;
    }

    /** The whole body. */
    byte[] body() {
        return bytes;
    }
}
