package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.StoredEvents;
import io.observer.log.SegmentIndex.Columns;
import io.observer.log.SegmentIndex.RowFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers from the files: finds rows in the indexes, then reads the bytes of just those. */
final class SegmentReader {

    /** Lines that stand closer than this are read with one another. */
    private static final int MAX_SKIP = 8 * 1024;

    private final SegmentStore store;

    SegmentReader(SegmentStore store) {
        this.store = store;
    }

    /** See {@link EventLog#read}. */
    LogPage page(long after, EventFilter filter, PageLimit limit) throws IOException {
        return reading(segments -> new Page(segments, after, filter, limit).read());
    }

    /** See {@link EventLog#positionBeforeLast}. */
    long positionBeforeLast(int count, EventFilter filter) throws IOException {
        return reading(segments -> positionBeforeLast(segments, count, filter));
    }

    @FunctionalInterface
    private interface Reading<T> {
        T in(List<Segment> segments) throws IOException;
    }

    private <T> T reading(Reading<T> reading) throws IOException {
        while (true) {
            List<Segment> segments = store.segments();
            try {
                return reading.in(segments);
            } catch (ClosedChannelException removed) {
                // Retention took a segment meanwhile; what is left is read instead. A log that is closed keeps its
                // list.
                if (segments.equals(store.segments())) {
                    throw removed;
                }
            }
        }
    }

    private long positionBeforeLast(List<Segment> segments, int count, EventFilter filter) throws IOException {
        int found = 0;
        for (int at = segments.size() - 1; at >= 0; at--) {
            SegmentIndex index = store.indexOf(segments.get(at));
            Columns rows = index.columns();
            RowFilter wanted = index.wanted(filter);
            for (int row = rows.count() - 1; row >= 0; row--) {
                if (wanted.passes(rows, row) && ++found == count) {
                    return index.id(rows, row) - 1;
                }
            }
        }
        return store.bounds().firstId() - 1;
    }

    /**
     * One answer in the making. Ids follow one another, so where they do not, events are missing: lost with their machine
     * or in a damaged line. A page says that only at its beginning; one that comes to such a place ends before it.
     */
    private final class Page {

        private final List<Segment> segments;
        private final long after;
        private final EventFilter filter;
        private final PageLimit limit;
        private final List<Event> found = new ArrayList<>();
        private @Nullable Gap gap;
        private long begin;
        private long covered;
        private long bytes;
        private boolean full;

        Page(List<Segment> segments, long after, EventFilter filter, PageLimit limit) {
            this.segments = segments;
            this.after = after;
            this.filter = filter;
            this.limit = limit;
            this.begin = after;
            this.covered = after;
        }

        LogPage read() throws IOException {
            gap = store.evicted(after, segments.get(0).baseId(), filter);
            covered = gap == null ? after : segments.get(0).baseId() - 1;
            begin = covered;
            for (Segment segment : segments) {
                // An older segment ends where the next begins, so it is passed by without its index.
                if (!full && (segment.lastId() > covered || segment == segments.get(segments.size() - 1))) {
                    readFrom(segment);
                }
            }
            return new LogPage(found, covered, full, gap);
        }

        private void readFrom(Segment segment) throws IOException {
            if (segment.baseId() > covered + 1) {
                miss(covered, segment.baseId() - 1);
            }
            if (!full) {
                readRows(segment, store.indexOf(segment));
            }
        }

        private void readRows(Segment segment, SegmentIndex index) throws IOException {
            Columns rows = index.columns();
            RowFilter wanted = index.wanted(filter);
            int[] chosen = new int[16];
            int count = 0;
            long seen = covered;
            for (int row = index.rowAfter(rows, covered); row < rows.count() && !full; row++) {
                long id = index.id(rows, row);
                if (id > seen + 1) {
                    miss(seen, id - 1);
                    seen = Math.max(seen, covered);
                }
                if (wanted.passes(rows, row) && limit.isReached(found.size() + count, bytes)) {
                    full = true;
                }
                if (full) {
                    break;
                }
                seen = id;
                if (wanted.passes(rows, row)) {
                    chosen = count == chosen.length ? Arrays.copyOf(chosen, count * 2) : chosen;
                    chosen[count++] = row;
                    bytes += end(segment, rows, row) - rows.offsets()[row];
                }
            }
            if (count > 0) {
                new Lines(segment, rows).read(chosen, count, found);
            }
            covered = seen;
        }

        /** Nothing is there after {@code seen} up to {@code through}. */
        private void miss(long seen, long through) {
            if (seen > begin) {
                full = true;
            } else {
                gap = new Gap(Gap.Reason.EVICTED, after + 1, through, null);
                begin = through;
                covered = through;
            }
        }
    }

    /** Where the line of {@code row} ends at the latest, line break included. */
    private static long end(Segment segment, Columns rows, int row) {
        return row + 1 < rows.count() ? rows.offsets()[row + 1] : segment.size();
    }

    /** The lines of some rows of one segment. */
    private record Lines(Segment segment, Columns rows) {

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

        private boolean isNear(int row, int next) {
            return rows.offsets()[next] - end(segment, rows, row) <= MAX_SKIP;
        }

        private void readRun(int[] chosen, int first, int last, List<Event> into) throws IOException {
            int start = rows.offsets()[chosen[first]];
            ByteBuffer run = ByteBuffer.allocate((int) (end(segment, rows, chosen[last]) - start));
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
}
