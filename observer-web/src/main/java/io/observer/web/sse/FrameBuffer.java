package io.observer.web.sse;

import java.io.ByteArrayOutputStream;

/** Frames on their way into one buffer. */
final class FrameBuffer {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    void put(byte[]... parts) {
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
    }

    int size() {
        return bytes.size();
    }

    byte[] take() {
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        return taken;
    }
}
