package io.observer.stream;

import io.observer.event.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Notices that a stream has said nothing for a while. One timer a stream, set again only when it fires. */
final class Silence {

    private final long limit;
    private final Scheduler timer;
    private final Ticker ticker;
    private final Runnable wake;
    private final Disposable.Swap next = Disposables.swap();
    private volatile long since;

    /** @param wake is run when the silence has lasted {@code limit}, and again each time it has lasted that long more */
    Silence(Duration limit, Scheduler timer, Ticker ticker, Runnable wake) {
        this.limit = limit.toNanos();
        this.timer = timer;
        this.ticker = ticker;
        this.wake = wake;
        this.since = ticker.nanos();
        schedule(this.limit);
    }

    /** Something was said. */
    void end() {
        since = ticker.nanos();
    }

    boolean isOver() {
        return ticker.nanos() - since >= limit;
    }

    void cancel() {
        next.dispose();
    }

    private void check() {
        if (next.isDisposed()) {
            return;
        }
        long left = limit - (ticker.nanos() - since);
        schedule(left > 0 ? left : limit);
        if (left <= 0) {
            wake.run();
        }
    }

    /** A short wait may be over, and the next begun, before this is done: what is replaced here is not called off. */
    private void schedule(long nanos) {
        next.replace(timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS));
    }
}
