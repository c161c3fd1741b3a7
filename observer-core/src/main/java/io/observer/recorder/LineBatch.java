package io.observer.recorder;

import java.nio.ByteBuffer;
import java.util.List;

/** Lines that are written with one another. */
final class LineBatch {

    private static final byte LINE_BREAK = '\n';

    private LineBatch() {}

    /**
     * All lines, each closed by a line break.
     *
     * @param afterTorn whether a line break has to close what stands before
     */
    static ByteBuffer join(List<byte[]> lines, boolean afterTorn) {
        long size = afterTorn ? 1 : 0;
        for (byte[] line : lines) {
            size += line.length + 1L;
        }
        ByteBuffer batch = ByteBuffer.allocate(Math.toIntExact(size));
        if (afterTorn) {
            batch.put(LINE_BREAK);
        }
        lines.forEach(line -> batch.put(line).put(LINE_BREAK));
        return batch.flip();
    }

    /** The newest of {@code lines} that fit into {@code room} bytes; the last one whether it does or not. */
    static List<byte[]> newest(List<byte[]> lines, long room) {
        int first = lines.size() - 1;
        long left = room - lines.get(first).length - 1;
        while (first > 0 && lines.get(first - 1).length < left) {
            first--;
            left -= lines.get(first).length + 1L;
        }
        return lines.subList(first, lines.size());
    }
}
