package io.observer.log;

import io.observer.event.Ticker;
import reactor.core.scheduler.Scheduler;

/** What a log is opened with in a test. */
public record LogSetup(Retention retention, Ticker ticker, Scheduler writing, int maxQueued, EventOutput output) {

    public LogSetup with(Retention other) {
        return new LogSetup(other, ticker, writing, maxQueued, output);
    }

    public LogSetup with(EventOutput other) {
        return new LogSetup(retention, ticker, writing, maxQueued, other);
    }

    public LogSetup heldBy(HeldScheduler held, int queue) {
        return new LogSetup(retention, ticker, held.scheduler(), queue, output);
    }
}
