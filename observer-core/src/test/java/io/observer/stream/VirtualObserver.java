package io.observer.stream;

import io.observer.event.Ticker;
import io.observer.log.EventLog;
import io.observer.log.EventOutput;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * An observer in the thread of the test, on one virtual clock: who listens has heard of an event before {@code publish}
 * returns.
 */
final class VirtualObserver extends TestObserver {

    final VirtualTimeScheduler time;

    private VirtualObserver(VirtualTimeScheduler time, Function<EventOutput, EventLog> log) {
        super(log, BUFFER_EVENTS, time, tickerOf(time));
        this.time = time;
    }

    /** One that keeps everything a test publishes. */
    static VirtualObserver create() {
        return keeping(10_000);
    }

    /** One that keeps the newest {@code maxEntries} events. */
    static VirtualObserver keeping(int maxEntries) {
        return keeping(new Retention(Duration.ofHours(24), maxEntries, 0));
    }

    static VirtualObserver keeping(Retention retention) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        return new VirtualObserver(time, memoryLog(retention, time, tickerOf(time)));
    }

    /** One whose log is {@code wrapper} around one that keeps everything. */
    static VirtualObserver over(UnaryOperator<EventLog> wrapper) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        return new VirtualObserver(
                time, memoryLog(Retention.DEFAULT, time, tickerOf(time)).andThen(wrapper));
    }

    /** One over the log that {@code log} makes, which must write on the scheduler that it is given. */
    static VirtualObserver of(Function<VirtualTimeScheduler, Function<EventOutput, EventLog>> log) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        return new VirtualObserver(time, log.apply(time));
    }

    /** A reader that takes whatever comes. */
    Recording listen(StreamRequest request) {
        return listen(request, Long.MAX_VALUE);
    }

    /** A reader that takes {@code demand} items and then nothing until it is told to. */
    Recording listen(StreamRequest request, long demand) {
        return bridge.stream(request).subscribeWith(new Recording(demand));
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** Whether a timer is left that runs again and again. */
    boolean hasTimer() {
        long before = time.getScheduledTaskCount();
        pass(Duration.ofHours(1));
        return time.getScheduledTaskCount() > before;
    }

    private static Ticker tickerOf(VirtualTimeScheduler time) {
        return () -> time.now(TimeUnit.NANOSECONDS);
    }
}
