package io.observer.log;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A log that keeps nothing: ids still rise and subscribers still hear, but no past can be read. */
public final class DisabledEventLog implements EventLog {

    private final String epoch;
    private final LogWriter writer;
    private volatile long lastId;

    /** See {@link MemoryEventLog#MemoryEventLog}. */
    public DisabledEventLog(String epoch, Scheduler writing, int maxQueued, EventOutput output) {
        this.epoch = epoch;
        this.writer = new LogWriter(writing.createWorker(), batch -> lastId = batch.lastId(), output, maxQueued, 0);
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public String backend() {
        return "disabled";
    }

    @Override
    public String durability() {
        return "none";
    }

    @Override
    public LogBounds bounds() {
        long last = lastId;
        return new LogBounds(last + 1, last);
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
        return Mono.fromSupplier(() -> {
            long last = Math.max(after, lastId);
            Gap gap = last == after
                    ? null
                    : new Gap(Gap.Reason.EVICTED, after + 1, last, filter.passesAll() ? last - after : null);
            return new LogPage(List.of(), last, false, gap);
        });
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return Mono.fromSupplier(() -> lastId);
    }

    @Override
    public Mono<Void> seal() {
        return writer.close();
    }
}
