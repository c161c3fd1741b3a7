package io.observer.log.redis;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.Gap;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import io.observer.log.redis.RedisReads.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page while it is put together from entries in their order. Ids that are missing before its first event are its gap. */
final class RedisPage {

    private final long after;
    private final EventFilter filter;
    private final PageLimit limit;
    private final long last;
    private final boolean everyId;

    private final List<Event> found = new ArrayList<>();
    private long bytes;
    /** The id before which nothing can be read. */
    private long from;
    /** The id to be looked at next. */
    private long next;

    private @Nullable LogPage page;

    /** @param everyId whether an id that does not come is missing, rather than of another job */
    RedisPage(long after, EventFilter filter, PageLimit limit, LogBounds bounds, boolean everyId) {
        this.after = after;
        this.filter = filter;
        this.limit = limit;
        this.last = bounds.lastId();
        this.everyId = everyId;
        this.from = everyId ? after + 1 : Math.max(after + 1, bounds.firstId());
        this.next = from;
    }

    long next() {
        return next;
    }

    boolean isDone() {
        return page != null;
    }

    LogPage page() {
        if (page == null) {
            throw new IllegalStateException("not done");
        }
        return page;
    }

    /** @param end whether no entries follow */
    void take(List<Entry> entries, boolean end) {
        for (Entry entry : entries) {
            boolean missing = everyId && entry.id() > next;
            Event event = entry.event();
            if ((missing && passOver(entry.id() - 1)) || (event == null && passOver(entry.id()))) {
                return;
            }
            next = entry.id() + 1;
            if (event != null && filter.matches(event) && isFull(event)) {
                return;
            }
        }
        if (end && !(everyId && next <= last && passOver(last))) {
            end(Math.max(after, last), false);
        }
    }

    /** Nothing can be read up to {@code id}: a page that has events ends before that, and the next one tells. */
    private boolean passOver(long id) {
        if (!found.isEmpty()) {
            end(next - 1, true);
            return true;
        }
        from = id + 1;
        next = from;
        return false;
    }

    private boolean isFull(Event event) {
        if (limit.isReached(found.size(), bytes)) {
            end(found.isEmpty() ? from - 1 : found.get(found.size() - 1).id(), true);
            return true;
        }
        found.add(event);
        bytes += event.json().length;
        return false;
    }

    private void end(long covered, boolean hasMore) {
        Gap gap = after + 1 >= from
                ? null
                : new Gap(Gap.Reason.EVICTED, after + 1, from - 1, filter.passesAll() ? from - 1 - after : null);
        page = new LogPage(found, covered, hasMore, gap);
    }
}
