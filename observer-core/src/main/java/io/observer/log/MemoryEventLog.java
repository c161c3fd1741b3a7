package io.observer.log;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.util.List;
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
        this.ring = new MemoryRing(retention, ticker, 1);
        this.writer = new LogWriter(writing.createWorker(), batch -> ring.add(batch.events()), output, maxQueued, 0);
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
    public LogHealth health() {
        return new LogHealth(writer.fault(), 0);
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
    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return Mono.fromSupplier(() -> ring.page(after, filter, limit));
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return Mono.fromSupplier(() -> ring.positionBeforeLast(count, filter));
    }

    @Override
    public Mono<Void> seal() {
        return writer.close();
    }
}
