package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.SegmentIndex.Columns;
import io.observer.log.SegmentIndex.RowFilter;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers from the files: finds rows in the indexes, then reads the bytes of just those. */
final class SegmentReader {

    /** A block of larger events would take the place of many others. */
    private static final int MAX_BLOCK_BYTES = 1 << 20;

    private final SegmentStore store;
    private final EventBlocks blocks;
    private final DamagedRows damaged = new DamagedRows();

    /** @param blocks keeps what was read of whole stretches of the log */
    SegmentReader(SegmentStore store, EventBlocks blocks) {
        this.store = store;
        this.blocks = blocks;
    }

    /** Lines that were found damaged while reading. */
    long damagedLines() {
        return damaged.count();
    }

    /** See {@link EventLog#read}. */
    LogPage page(long after, EventFilter filter, PageLimit limit) throws IOException {
        boolean worth = limit.events() >= blocks.length() / 2;
        LogPage page = worth ? pageOfBlocks(after, filter, limit, this::block) : null;
        return page != null ? page : reading(segments -> new Page(segments, after, filter, limit).read());
    }

    /** The page if all of it was read lately, else null; never blocks. */
    @Nullable
    LogPage pageAtHand(long after, EventFilter filter, PageLimit limit) {
        return pageOfBlocks(after, filter, limit, firstId -> null);
    }

    private @Nullable LogPage pageOfBlocks(
            long after, EventFilter filter, PageLimit limit, EventBlocks.Source missing) {
        if (!filter.passesAll() || limit.events() == 0) {
            return null;
        }
        LogBounds bounds = store.bounds();
        long from = Math.max(after, bounds.firstId() - 1);
        LogPage page = blocks.page(from, limit, bounds.lastId(), missing);
        Gap gap = store.evicted(after, bounds.firstId(), filter);
        return page == null || gap == null ? page : new LogPage(page.events(), page.covered(), page.hasMore(), gap);
    }

    /** The block of events from {@code firstId} on, or null if it has a hole or is large. */
    private EventBlocks.@Nullable Block block(long firstId) {
        try {
            return reading(segments -> Optional.ofNullable(block(segments, firstId)))
                    .orElse(null);
        } catch (IOException failure) {
            // Whoever reads line by line meets it again and tells.
            return null;
        }
    }

    private EventBlocks.@Nullable Block block(List<Segment> segments, long firstId) throws IOException {
        // Retention may have taken the beginning of it.
        long begin = Math.max(firstId, segments.get(0).baseId());
        int at = segments.size() - 1;
        while (at > 0 && segments.get(at).baseId() > begin) {
            at--;
        }
        int length = (int) (firstId + blocks.length() - begin);
        List<Event> events = new ArrayList<>(blocks.length());
        for (; at < segments.size() && events.size() < length; at++) {
            if (!addTo(events, length, segments.get(at), begin + events.size())) {
                return null;
            }
        }
        return new EventBlocks.Block(begin, events);
    }

    /** Adds the events of {@code segment} from {@code firstId} on, up to {@code length}; false if one is missing or they are large. */
    private boolean addTo(List<Event> block, int length, Segment segment, long firstId) throws IOException {
        SegmentIndex index = store.indexOf(segment);
        Columns rows = index.columns();
        SegmentRows lines = new SegmentRows(segment, rows);
        int first = index.rowAfter(rows, firstId - 1);
        int count = Math.min(length - block.size(), rows.count() - first);
        if (count == 0) {
            return true;
        }
        int last = first + count - 1;
        if (index.id(rows, last) != firstId + count - 1 || lines.bytes(first, last) > MAX_BLOCK_BYTES) {
            return false;
        }
        for (Event event : lines.read(IntStream.rangeClosed(first, last).toArray(), count)) {
            if (event == null) {
                return false;
            }
            block.add(event);
        }
        return true;
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
            SegmentRows lines = new SegmentRows(segment, rows);
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
                    bytes += lines.bytes(row, row);
                }
            }
            if (count == 0 || take(lines, chosen, count)) {
                covered = seen;
            }
        }

        /** Takes the events of these rows; false if the page had to end before one that is damaged. */
        private boolean take(SegmentRows lines, int[] chosen, int count) throws IOException {
            List<@Nullable Event> events = lines.read(chosen, count);
            for (int at = 0; at < count; at++) {
                Event event = events.get(at);
                if (event != null) {
                    found.add(event);
                    continue;
                }
                int row = chosen[at];
                long id = lines.id(row);
                damaged.note(lines.segment(), row, id, lines.rows().offsets()[row], segments);
                if (!miss(id - 1, id)) {
                    covered = id - 1;
                    return false;
                }
            }
            return true;
        }

        /** Nothing is there after {@code seen} up to {@code through}; false if the page has to end before that. */
        private boolean miss(long seen, long through) {
            if (seen > begin) {
                full = true;
                return false;
            }
            gap = new Gap(Gap.Reason.EVICTED, after + 1, through, null);
            begin = through;
            covered = through;
            return true;
        }
    }
}
