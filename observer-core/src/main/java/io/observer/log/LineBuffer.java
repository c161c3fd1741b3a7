package io.observer.log;

import java.nio.ByteBuffer;

/**
 * Events as lines, ready for one write. Outside the heap, where the kernel can take them without another copy, and used
 * again for every batch: it keeps the size of the largest, which the writer bounds. One thread only.
 *
 * <p>A blank before the line break says that the append goes on in the next line. A write that is cut short by a kill so
 * never leaves half of an append that looks whole, and the line is JSON all the same.
 */
final class LineBuffer {

    /** Stands before the line break of a line whose append goes on. */
    static final byte UNFINISHED = ' ';

    private ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);

    /** The lines of {@code batch}; good until the next call. */
    ByteBuffer of(Batch batch) {
        int size = 0;
        for (int index = 0; index < batch.events().size(); index++) {
            size += batch.lineBytes(index);
        }
        if (size > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(Math.max(size, 2 * buffer.capacity()));
        }
        buffer.clear();
        for (int index = 0; index < batch.events().size(); index++) {
            buffer.put(batch.events().get(index).json());
            if (batch.unfinished().get(index)) {
                buffer.put(UNFINISHED);
            }
            buffer.put((byte) '\n');
        }
        return buffer.flip();
    }
}
