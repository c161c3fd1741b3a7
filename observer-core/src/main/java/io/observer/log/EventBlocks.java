package io.observer.log;

import io.observer.event.Event;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Old events that were read lately, so that what many readers ask for is read from the files once. They stand in blocks
 * of a fixed number of ids, none of which is missing; a block with a hole is never kept. The one at the beginning of the log begins late, and the
 * one at its end is made anew once more of it is wanted. Bounded in bytes: the block that nobody asked for the longest goes first. Any
 * thread.
 */
final class EventBlocks {

    /** Heap that an event takes beside its texts. */
    private static final int EVENT_BYTES = 160;

    /** Where blocks come from that are not at hand. */
    @FunctionalInterface
    interface Source {

        /** The block of the ids from {@code firstId} on, or null if there is none to be had. */
        @Nullable
        Block block(long firstId);
    }

    /**
     * @param firstId of the events, whose ids follow one another
     * @param bytes heap that they take
     */
    record Block(long firstId, List<Event> events, long bytes) {

        Block(long firstId, List<Event> events) {
            this(firstId, events, bytesOf(events));
        }

        boolean holds(long id) {
            return firstId <= id && id < firstId + events.size();
        }

        Event event(long id) {
            return events.get((int) (id - firstId));
        }
    }

    private final int length;
    private final long maxBytes;
    private final Map<Long, Block> atHand = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param length events in a block
     * @param maxBytes heap for all blocks
     */
    EventBlocks(int length, long maxBytes) {
        this.length = length;
        this.maxBytes = maxBytes;
    }

    int length() {
        return length;
    }

    /**
     * The page after {@code after}, all events wanted and none of them older than the log's oldest; null if a block that
     * it takes is neither here nor to be had.
     *
     * @param lastId the newest id of the log
     */
    @Nullable
    LogPage page(long after, PageLimit limit, long lastId, Source missing) {
        List<Event> found = new ArrayList<>(Math.min(limit.events(), 256));
        long foundBytes = 0;
        long covered = after;
        while (covered < lastId && !limit.isReached(found.size(), foundBytes)) {
            Block block = block(covered + 1, missing);
            if (block == null) {
                return null;
            }
            while (block.holds(covered + 1) && covered < lastId && !limit.isReached(found.size(), foundBytes)) {
                covered++;
                Event event = block.event(covered);
                found.add(event);
                foundBytes += event.json().length;
            }
        }
        return new LogPage(found, covered, covered < lastId, null);
    }

    private @Nullable Block block(long id, Source missing) {
        long number = (id - 1) / length;
        Block known = find(number);
        if (known != null && known.holds(id)) {
            return known;
        }
        Block made = missing.block(number * length + 1);
        if (made == null || !made.holds(id)) {
            return null;
        }
        keep(number, made);
        return made;
    }

    private synchronized @Nullable Block find(long number) {
        return atHand.get(number);
    }

    private synchronized void keep(long number, Block block) {
        Block before = atHand.put(number, block);
        bytes += block.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Block> eldest = atHand.values().iterator();
        while (bytes > maxBytes) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /** Heap that a block of these takes. */
    static long bytesOf(List<Event> events) {
        return events.stream()
                .mapToLong(event -> EVENT_BYTES
                        + event.json().length
                        + event.jobId().length()
                        + event.name().length())
                .sum();
    }
}
