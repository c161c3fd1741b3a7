package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A log that remembers the newest events in the heap and forgets all of them at its end.
 *
 * <p>Events of one {@link Retention} stand in a ring; reading takes no lock:
 *
 * <pre>
 * first ─► 38 39 40 41 42 ◄─ last        id n stands in slot n mod capacity
 * </pre>
 */
public final class MemoryEventLog implements EventLog {

    private final String epoch;
    private final MemoryRing ring;
    private final LogWriter writer;

    /**
     * @param epoch a name that no earlier log had
     * @param writing runs the writer; the log keeps one worker of it
     * @param maxQueued events that may wait for the writer
     */
    public MemoryEventLog(
            String epoch, Retention retention, Ticker ticker, Scheduler writing, int maxQueued, EventOutput output) {
        this.epoch = epoch;
        this.ring = new MemoryRing(retention, ticker);
        this.writer = new LogWriter(writing.createWorker(), ring::add, output, maxQueued, 0);
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public String backend() {
        return "memory";
    }

    @Override
    public String durability() {
        return "memory";
    }

    @Override
    public LogBounds bounds() {
        return ring.bounds();
    }

    @Override
    public int queueDepth() {
        return writer.queueDepth();
    }

    @Override
    public Mono<Appended> append(List<EventDraft> drafts) {
        return writer.append(drafts);
    }

    @Override
    public Mono<LogPage> read(long after, EventFilter filter, int limit) {
        return Mono.fromSupplier(() -> page(after, filter, limit));
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return Mono.fromSupplier(() -> before(count, filter));
    }

    @Override
    public Mono<Void> close() {
        return writer.close();
    }

    private LogPage page(long after, EventFilter filter, int limit) {
        LogBounds bounds = ring.bounds();
        List<Event> found = new ArrayList<>(Math.min(limit, 64));
        long from = Math.max(after + 1, bounds.firstId());
        for (long id = from; id <= bounds.lastId(); id++) {
            Event event = ring.get(id);
            if (event == null) {
                if (!found.isEmpty()) {
                    return new LogPage(found, id - 1, true, evicted(after, from, filter));
                }
                from = id + 1;
            } else if (filter.matches(event)) {
                if (found.size() == limit) {
                    long covered = found.isEmpty()
                            ? from - 1
                            : found.get(found.size() - 1).id();
                    return new LogPage(found, covered, true, evicted(after, from, filter));
                }
                found.add(event);
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

    private long before(int count, EventFilter filter) {
        LogBounds bounds = ring.bounds();
        int found = 0;
        for (long id = bounds.lastId(); id >= bounds.firstId() && found < count; id--) {
            Event event = ring.get(id);
            if (event == null) {
                return id;
            }
            if (filter.matches(event) && ++found == count) {
                return id - 1;
            }
        }
        return count == 0 ? bounds.lastId() : bounds.firstId() - 1;
    }
}
