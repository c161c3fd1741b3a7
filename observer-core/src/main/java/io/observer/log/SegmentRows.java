package io.observer.log;

import io.observer.event.Event;
import io.observer.event.StoredEvents;
import io.observer.log.SegmentIndex.Columns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

    /** The id of the event that was stored in {@code row}. */
    long id(int row) {
        return segment.baseId() + rows.ids()[row];
    }

    /** The events of {@code count} rows, in order; null for one whose line does not hold it. */
    List<@Nullable Event> read(int[] chosen, int count) throws IOException {
        List<@Nullable Event> events = new ArrayList<>(count);
        for (int first = 0; first < count; ) {
            int last = first;
            while (last + 1 < count && isNear(chosen[last], chosen[last + 1])) {
                last++;
            }
            readRun(chosen, first, last, events);
            first = last + 1;
        }
        return events;
    }

    /** Where the line of {@code row} ends at the latest, line break included. */
    private long end(int row) {
        return row + 1 < rows.count() ? rows.offsets()[row + 1] : segment.size();
    }

    private boolean isNear(int row, int next) {
        return rows.offsets()[next] - end(row) <= MAX_SKIP;
    }

    private void readRun(int[] chosen, int first, int last, List<@Nullable Event> into) throws IOException {
        int start = rows.offsets()[chosen[first]];
        ByteBuffer run = ByteBuffer.allocate(bytes(chosen[first], chosen[last]));
        segment.read(run, start);
        for (int at = first; at <= last; at++) {
            int from = rows.offsets()[chosen[at]] - start;
            // No further than the next line begins: the break between them may be what is damaged.
            int to = (int) Math.min(run.position(), end(chosen[at]) - start);
            Event event = parse(run.array(), from, Math.max(from, to));
            boolean stored = event != null && event.id() == id(chosen[at]);
            into.add(stored ? event : null);
        }
    }

    private static @Nullable Event parse(byte[] bytes, int from, int to) {
        int end = from;
        boolean edited = false;
        while (end < to && bytes[end] != '\n') {
            // The log writes none of these; in a frame of a stream some would end a line, others are what a disk lost.
            edited |= bytes[end] >= 0 && bytes[end] < ' ';
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
