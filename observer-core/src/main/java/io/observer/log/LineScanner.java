package io.observer.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks over the lines of a segment, however long or damaged they are. */
final class LineScanner {

    /** No event's line is longer; of one that is, nothing is shown. */
    private static final int MAX_LINE = 512 * 1024;

    private static final int CHUNK = 256 * 1024;

    /**
     * @param offset where the line begins
     * @param text its bytes without the line break; none if it is too long
     * @param terminated whether the line break was there
     */
    record Line(long offset, byte[] text, boolean terminated) {}

    private final Segment segment;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
    private byte[] line = new byte[4096];
    private long chunkAt;

    LineScanner(Segment segment) {
        this.segment = segment;
    }

    /** The next line, or null at the end. */
    @Nullable
    Line next() throws IOException {
        long offset = chunkAt + chunk.position();
        int length = 0;
        while (true) {
            if (!chunk.hasRemaining() && !fill()) {
                return length == 0 ? null : new Line(offset, text(length), false);
            }
            byte b = chunk.get();
            if (b == '\n') {
                return new Line(offset, text(length), true);
            }
            if (length < MAX_LINE) {
                if (length == line.length) {
                    line = Arrays.copyOf(line, length * 2);
                }
                line[length] = b;
            }
            length++;
        }
    }

    private byte[] text(int length) {
        return length > MAX_LINE ? new byte[0] : Arrays.copyOf(line, length);
    }

    private boolean fill() throws IOException {
        chunkAt += chunk.limit();
        chunk.clear();
        segment.read(chunk, chunkAt);
        chunk.flip();
        return chunk.hasRemaining();
    }
}
