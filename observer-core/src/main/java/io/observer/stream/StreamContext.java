package io.observer.stream;

import io.observer.bus.EventBus;
import io.observer.event.Cursor;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * What all readers of a bridge share.
 *
 * @param timer runs heartbeats
 * @param closed hears of each reader that is closed
 */
record StreamContext(
        EventLog log,
        EventBus bus,
        JobDirectory jobs,
        StreamMetrics metrics,
        Scheduler timer,
        Ticker ticker,
        Consumer<StreamReader> closed) {

    /** How long after a log was out of reach it is asked again. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** See {@link EventLog#read}; waits for a log that is out of reach. */
    Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return patiently(log.read(after, filter, limit), () -> {});
    }

    /**
     * See {@link EventLog#positionBeforeLast}; waits for a log that is out of reach.
     *
     * @param waits is run whenever that is so
     */
    Mono<Long> positionBeforeLast(int count, EventFilter filter, Runnable waits) {
        return patiently(log.positionBeforeLast(count, filter), waits);
    }

    /**
     * See {@link EventLog#reach}; waits for a log that is out of reach.
     *
     * @param waits is run whenever that is so
     */
    Mono<Boolean> reach(Cursor cursor, Runnable waits) {
        return patiently(log.reach(cursor), waits).thenReturn(true);
    }

    private <T> Mono<T> patiently(Mono<T> question, Runnable waits) {
        return question.doOnError(LogUnavailableException.class, away -> waits.run())
                .retryWhen(Retry.from(
                        failures -> failures.concatMap(failed -> failed.failure() instanceof LogUnavailableException
                                ? Mono.delay(ASK_AGAIN, timer)
                                : Mono.error(failed.failure()))));
    }
}
