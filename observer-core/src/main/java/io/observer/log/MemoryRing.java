package io.observer.log;

import io.observer.event.Event;
import io.observer.event.Ticker;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, bounded by age, number and bytes. One thread adds; any number read without a lock. Bounds hold on
 * reading too: an event that is too old is not there, whether or not anything was added since.
 */
final class MemoryRing {

    private record Entry(Event event, long storedAt) {}

    private final Retention retention;
    private final long ttlNanos;
    private final Ticker ticker;
    private final AtomicReferenceArray<@Nullable Entry> slots;

    private volatile long firstId = 1;
    private volatile long lastId;
    private long bytes;

    MemoryRing(Retention retention, Ticker ticker) {
        this.retention = retention;
        this.ttlNanos = retention.ttl().toNanos();
        this.ticker = ticker;
        this.slots = new AtomicReferenceArray<>(retention.maxEntries());
    }

    void add(List<Event> batch) {
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
    LogBounds bounds() {
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
        return new LogBounds(low, last);
    }

    /** The event with this id, or null if it is no longer retained. */
    @Nullable
    Event get(long id) {
        Entry entry = slots.get(slot(id));
        return entry != null && entry.event().id() == id ? entry.event() : null;
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
