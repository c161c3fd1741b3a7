package io.observer.log.redis;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.LogBounds;
import io.observer.log.redis.RedisReads.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for the place before the newest wanted events, in entries from the newest on. */
final class RedisLookBack {

    private final int count;
    private final EventFilter filter;
    private final LogBounds bounds;
    private final boolean everyId;

    private int found;
    /** The id to be looked at next. */
    private long next;

    private @Nullable Long position;

    /** @param everyId whether an id that does not come is missing, rather than of another job */
    RedisLookBack(int count, EventFilter filter, LogBounds bounds, boolean everyId) {
        this.count = count;
        this.filter = filter;
        this.bounds = bounds;
        this.everyId = everyId;
        this.next = bounds.lastId();
    }

    long next() {
        return next;
    }

    boolean isDone() {
        return position != null;
    }

    long position() {
        if (position == null) {
            throw new IllegalStateException("not done");
        }
        return position;
    }

    /** @param end whether no entries follow */
    void take(List<Entry> entries, boolean end) {
        for (Entry entry : entries) {
            Event event = entry.event();
            if (event == null || (everyId && entry.id() < next)) {
                // What is missing is behind whoever starts here.
                position = event == null ? entry.id() : next;
                return;
            }
            next = entry.id() - 1;
            if (filter.matches(event) && ++found == count) {
                position = next;
                return;
            }
        }
        if (end) {
            position = everyId ? next : bounds.firstId() - 1;
        }
    }
}
