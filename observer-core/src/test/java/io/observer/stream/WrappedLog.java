package io.observer.stream;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.List;
import reactor.core.publisher.Mono;

/** A log that does as another does, unless a test makes it do otherwise. */
class WrappedLog implements EventLog {

    private final EventLog log;

    WrappedLog(EventLog log) {
        this.log = log;
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
    public Mono<Appended> append(List<EventDraft> drafts) {
        return log.append(drafts);
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
