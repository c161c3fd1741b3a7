package io.observer.operation;

import io.observer.event.EventDraft;
import io.observer.log.EventLog;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Gives the log the events about operations. What it does not take is counted and said: the operations are recorded. */
final class OperationPublisher {

    private static final Logger log = LoggerFactory.getLogger(OperationPublisher.class);

    private final EventLog eventLog;
    private final AtomicLong unpublished = new AtomicLong();
    private volatile @Nullable String fault;

    OperationPublisher(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    /** Hands the events over at once, so that calls in order are events in order; completes when the log has answered. */
    Mono<Void> publish(List<EventDraft> events) {
        Mono<Void> answered = eventLog.append(events)
                .doOnSuccess(stored -> fault = null)
                .doOnError(failure -> missed(events.size(), failure))
                .onErrorComplete()
                .then()
                .cache();
        answered.subscribe();
        return answered;
    }

    long unpublished() {
        return unpublished.get();
    }

    /** Why the newest events were not published, or null if they were. */
    @Nullable
    String fault() {
        return fault;
    }

    private void missed(int events, Throwable failure) {
        unpublished.addAndGet(events);
        if (fault == null) {
            log.warn(
                    "Operations are recorded but not published, since the log refuses. reason={}",
                    failure.getMessage());
        }
        fault = "operations are recorded but not published: " + failure.getMessage();
    }
}
