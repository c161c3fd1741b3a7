package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, bounded by age, number and bytes. One thread adds; any number read without a lock. Bounds hold on
 * reading too: an event that is too old is not there, whether or not anything was added since.
 */
public final class MemoryRing {

    private record Entry(Event event, long storedAt) {}

    private final Retention retention;
    private final long ttlNanos;
    private final Ticker ticker;
    private final AtomicReferenceArray<@Nullable Entry> slots;

    private volatile long firstId;
    private volatile long lastId;
    private long bytes;

    /** @param firstId the first id that will be added */
    public MemoryRing(Retention retention, Ticker ticker, long firstId) {
        this.retention = retention;
        this.ttlNanos = retention.ttl().toNanos();
        this.ticker = ticker;
        this.firstId = firstId;
        this.lastId = firstId - 1;
        this.slots = new AtomicReferenceArray<>(retention.maxEntries());
    }

    /** Adds events whose ids follow all that were added before, with none between. One thread at a time. */
    public void add(List<Event> batch) {
        long now = ticker.nanos();
        for (Event event : batch) {
            bytes += event.json().length;
            while (firstId <= lastId && isOver(event.id(), now)) {
                evictFirst();
            }
            slots.set(slot(event.id()), new Entry(event, now));
            lastId = event.id();
        }
    }

    /** The retained ids; what has expired is not among them. */
    public LogBounds bounds() {
        long now = ticker.nanos();
        long last = lastId;
        long low = firstId;
        // Ages fall from the oldest entry to the newest, so the first that has not expired is found by halving.
        for (long high = last + 1; low < high; ) {
            long middle = (low + high) >>> 1;
            Entry entry = slots.get(slot(middle));
            if (entry == null || entry.event().id() != middle || isExpired(entry, now)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        // The writer may have gone past what was the last id a moment ago.
        return new LogBounds(low, Math.max(last, low - 1));
    }

    /** The event with this id, or null if it is no longer retained. */
    public @Nullable Event get(long id) {
        Entry entry = slots.get(slot(id));
        return entry != null && entry.event().id() == id ? entry.event() : null;
    }

    /** What follows {@code after}, oldest first; a gap when the ring no longer reaches back to it. */
    public LogPage page(long after, EventFilter filter, PageLimit limit) {
        LogBounds bounds = bounds();
        List<Event> found = new ArrayList<>(Math.min(limit.events(), 256));
        long foundBytes = 0;
        long from = Math.max(after + 1, bounds.firstId());
        for (long id = from; id <= bounds.lastId(); id++) {
            Event event = get(id);
            if (event == null) {
                if (!found.isEmpty()) {
                    return new LogPage(found, id - 1, true, evicted(after, from, filter));
                }
                from = id + 1;
            } else if (filter.matches(event)) {
                if (limit.isReached(found.size(), foundBytes)) {
                    long covered = found.isEmpty()
                            ? from - 1
                            : found.get(found.size() - 1).id();
                    return new LogPage(found, covered, true, evicted(after, from, filter));
                }
                found.add(event);
                foundBytes += event.json().length;
            }
        }
        return new LogPage(found, Math.max(after, bounds.lastId()), false, evicted(after, from, filter));
    }

    private static @Nullable Gap evicted(long after, long from, EventFilter filter) {
        if (after + 1 >= from) {
            return null;
        }
        return new Gap(Gap.Reason.EVICTED, after + 1, from - 1, filter.passesAll() ? from - 1 - after : null);
    }

    /** See {@link EventLog#positionBeforeLast}. */
    public long positionBeforeLast(int count, EventFilter filter) {
        LogBounds bounds = bounds();
        int found = 0;
        for (long id = bounds.lastId(); id >= bounds.firstId() && found < count; id--) {
            Event event = get(id);
            if (event == null) {
                return id;
            }
            if (filter.matches(event) && ++found == count) {
                return id - 1;
            }
        }
        return count == 0 ? bounds.lastId() : bounds.firstId() - 1;
    }

    private boolean isOver(long nextId, long now) {
        Entry oldest = slots.get(slot(firstId));
        return nextId - firstId >= retention.maxEntries()
                || bytes > retention.maxBytes()
                || (oldest != null && isExpired(oldest, now));
    }

    private void evictFirst() {
        Entry oldest = slots.getAndSet(slot(firstId), null);
        if (oldest != null) {
            bytes -= oldest.event().json().length;
        }
        firstId++;
    }

    private boolean isExpired(Entry entry, long now) {
        return now - entry.storedAt() > ttlNanos;
    }

    private int slot(long id) {
        return (int) (id % slots.length());
    }
}
