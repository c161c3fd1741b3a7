package io.observer.log;

import io.observer.event.Event;
import io.observer.event.StoredEvents;
import io.observer.log.SegmentIndex.Columns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of one segment, found by their rows. */
record SegmentRows(Segment segment, Columns rows) {

    /** Lines that stand closer than this are read with one another. */
    private static final int MAX_SKIP = 8 * 1024;

    /** Bytes from the line of {@code first} to the end of that of {@code last}, line breaks included. */
    int bytes(int first, int last) {
        return (int) (end(last) - rows.offsets()[first]);
    }

    /** Adds the events of {@code count} rows, in order; a line that is damaged is left out. */
    void read(int[] chosen, int count, List<Event> into) throws IOException {
        for (int first = 0; first < count; ) {
            int last = first;
            while (last + 1 < count && isNear(chosen[last], chosen[last + 1])) {
                last++;
            }
            readRun(chosen, first, last, into);
            first = last + 1;
        }
    }

    /** Where the line of {@code row} ends at the latest, line break included. */
    private long end(int row) {
        return row + 1 < rows.count() ? rows.offsets()[row + 1] : segment.size();
    }

    private boolean isNear(int row, int next) {
        return rows.offsets()[next] - end(row) <= MAX_SKIP;
    }

    private void readRun(int[] chosen, int first, int last, List<Event> into) throws IOException {
        int start = rows.offsets()[chosen[first]];
        ByteBuffer run = ByteBuffer.allocate(bytes(chosen[first], chosen[last]));
        segment.read(run, start);
        for (int at = first; at <= last; at++) {
            Event event = parse(run.array(), rows.offsets()[chosen[at]] - start, run.position());
            if (event != null) {
                into.add(event);
            }
        }
    }

    private static @Nullable Event parse(byte[] bytes, int from, int to) {
        int end = from;
        boolean edited = false;
        while (end < to && bytes[end] != '\n') {
            // White space to JSON, but in a frame of a stream it would end a line.
            edited |= bytes[end] == '\r';
            end++;
        }
        if (end > from && bytes[end - 1] == LineBuffer.UNFINISHED) {
            end--;
        }
        Event event = edited ? null : StoredEvents.read(bytes, from, end);
        // A line that a person edited may be an event all the same.
        return event != null ? event : StoredEvents.check(Arrays.copyOfRange(bytes, from, end));
    }
}
