package io.observer.stream;

import io.observer.bus.EventBus;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

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
        Consumer<StreamReader> closed) {}
