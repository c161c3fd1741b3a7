package io.observer.web.guard;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Follows the bytes that a client of HTTP/2 sends, to tell whether a head has begun that is not complete: a header block
 * may come in many frames, and its codec says nothing before the last. Looks at the heads of frames only. One thread.
 */
final class Http2Heads {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int FRAME_HEAD = 9;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private int preface;
    private boolean other;

    /** How much of a frame's head has come, and what that says. */
    private int headBytes;

    private int length;
    private int type;
    private int flags;

    /** How much of the frame's payload is still to come. */
    private int payload;

    /** Whether a header block has begun and its last frame has not. */
    private boolean inBlock;

    /** Begins anew: what comes next is the preface. */
    void restart() {
        preface = 0;
        other = false;
    }

    /** Whether all that came since the last start is HTTP/2 so far. */
    boolean isFollowing() {
        return !other;
    }

    /** Whether a head has begun and is not complete. */
    boolean isInHead() {
        return headBytes > 0 || inBlock || (payload > 0 && isOfHead());
    }

    /** Looks at what has come; moves nothing in it. */
    void follow(ByteBuf bytes) {
        for (int at = bytes.readerIndex(); at < bytes.writerIndex() && !other; ) {
            if (preface < PREFACE.length) {
                other = bytes.getByte(at++) != PREFACE[preface++];
            } else if (payload > 0) {
                int part = Math.min(payload, bytes.writerIndex() - at);
                payload -= part;
                at += part;
            } else {
                head(bytes.getUnsignedByte(at++));
            }
        }
    }

    private void head(int next) {
        switch (headBytes++) {
            case 0 -> length = next;
            case 1, 2 -> length = length << 8 | next;
            case 3 -> type = next;
            case 4 -> flags = next;
            default -> {}
        }
        if (headBytes == FRAME_HEAD) {
            headBytes = 0;
            payload = length;
            if (isOfHead()) {
                inBlock = (flags & END_HEADERS) == 0;
            }
        }
    }

    private boolean isOfHead() {
        return type == HEADERS || type == CONTINUATION;
    }
}
