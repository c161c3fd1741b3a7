package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the chunks' frames off a body, wherever the bytes were cut on their way. */
final class ChunkDecoder {

    /** The bytes between the frames. */
    @FunctionalInterface
    interface Body {
        void bytes(ByteBuffer bytes) throws IOException;
    }

    private enum State {
        SIZE,
        REST_OF_SIZE_LINE,
        DATA,
        AFTER_DATA,
        TRAILER,
        END
    }

    private State state = State.SIZE;
    private long left;
    private boolean lineIsBlank = true;

    /** Hands on what is in {@code in}, up to the end of the body; answers whether that was reached. */
    boolean decode(ByteBuffer in, Body body) throws IOException {
        while (in.hasRemaining() && state != State.END) {
            if (state == State.DATA) {
                data(in, body);
            } else {
                frame(in.get());
            }
        }
        return state == State.END;
    }

    private void data(ByteBuffer in, Body body) throws IOException {
        int limit = in.limit();
        int count = (int) Math.min(left, in.remaining());
        int end = in.position() + count;
        in.limit(end);
        body.bytes(in);
        in.limit(limit).position(end);
        left -= count;
        if (left == 0) {
            state = State.AFTER_DATA;
        }
    }

    private void frame(byte next) throws IOException {
        switch (state) {
            case SIZE -> size(next);
            case REST_OF_SIZE_LINE -> {
                if (next == '\n') {
                    state = left > 0 ? State.DATA : State.TRAILER;
                }
            }
            case AFTER_DATA -> {
                if (next == '\n') {
                    state = State.SIZE;
                }
            }
            default -> trailer(next);
        }
    }

    private void size(byte next) throws IOException {
        int digit = Character.digit(next, 16);
        if (digit >= 0 && left < 1L << 32) {
            left = left * 16 + digit;
        } else if (next == '\r' || next == ';') {
            state = State.REST_OF_SIZE_LINE;
        } else {
            throw new IOException("a chunk has no size");
        }
    }

    private void trailer(byte next) {
        if (next == '\n') {
            if (lineIsBlank) {
                state = State.END;
            }
            lineIsBlank = true;
        } else if (next != '\r') {
            lineIsBlank = false;
        }
    }
}
