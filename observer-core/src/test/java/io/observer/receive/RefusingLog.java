package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A log that refuses as many appends as it is told to. */
record RefusingLog(EventLog log, AtomicInteger refusals) implements EventLog {

    @Override
    public Mono<Appended> append(List<EventDraft> drafts) {
        return refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? Mono.error(new IllegalStateException("the disk is full"))
                : log.append(drafts);
    }

    @Override
    public String epoch() {
        return log.epoch();
    }

    @Override
    public String backend() {
        return log.backend();
    }

    @Override
    public String durability() {
        return log.durability();
    }

    @Override
    public LogBounds bounds() {
        return log.bounds();
    }

    @Override
    public int queueDepth() {
        return log.queueDepth();
    }

    @Override
    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return log.read(after, filter, limit);
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return log.positionBeforeLast(count, filter);
    }

    @Override
    public Mono<Void> seal() {
        return log.seal();
    }

    @Override
    public Mono<Void> close() {
        return log.close();
    }
}
