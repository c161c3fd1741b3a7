package io.observer.log;

import io.observer.event.Event;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Events as lines, ready for one write. Outside the heap, where the kernel can take them without another copy, and used
 * again for every batch: it keeps the size of the largest, which the writer bounds. One thread only.
 */
final class LineBuffer {

    private ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);

    /** The lines of {@code batch}; good until the next call. */
    ByteBuffer of(List<Event> batch) {
        int size = 0;
        for (Event event : batch) {
            size += event.json().length + 1;
        }
        if (size > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(Math.max(size, 2 * buffer.capacity()));
        }
        buffer.clear();
        for (Event event : batch) {
            buffer.put(event.json()).put((byte) '\n');
        }
        return buffer.flip();
    }
}
