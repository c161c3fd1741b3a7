package io.observer.operation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks over the lines of a journal, however long they are; one that is too long for an operation is never held. */
final class JournalLines {

    /** An operation as sent, with room for its defaults. */
    static final int MAX_LINE = OperationJson.MAX_BYTES + 64 * 1024;

    private static final int CHUNK = 256 * 1024;

    /**
     * @param number counted from 1
     * @param offset where the line begins
     * @param text its bytes without the line break; null if it is too long
     * @param terminated whether the line break was there
     */
    record Line(long number, long offset, byte @Nullable [] text, boolean terminated) {

        boolean isBlank() {
            return text != null && new String(text, StandardCharsets.ISO_8859_1).isBlank();
        }
    }

    private final FileChannel file;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
    private byte[] line = new byte[4096];
    private long chunkAt;
    private long number;

    JournalLines(FileChannel file) {
        this.file = file;
    }

    /** The next line, or null at the end. */
    @Nullable
    Line next() throws IOException {
        long offset = chunkAt + chunk.position();
        long length = 0;
        number++;
        while (true) {
            if (!chunk.hasRemaining() && !fill()) {
                return length == 0 ? null : new Line(number, offset, text(length), false);
            }
            byte b = chunk.get();
            if (b == '\n') {
                return new Line(number, offset, text(length), true);
            }
            if (length < MAX_LINE) {
                if (length == line.length) {
                    line = Arrays.copyOf(line, line.length * 2);
                }
                line[(int) length] = b;
            }
            length++;
        }
    }

    private byte @Nullable [] text(long length) {
        return length > MAX_LINE ? null : Arrays.copyOf(line, (int) length);
    }

    private boolean fill() throws IOException {
        chunkAt += chunk.limit();
        chunk.clear();
        int read = file.read(chunk, chunkAt);
        chunk.flip();
        return read > 0;
    }
}
