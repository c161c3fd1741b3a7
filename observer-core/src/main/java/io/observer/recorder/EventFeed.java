package io.observer.recorder;

import io.observer.bus.BusSignal;
import io.observer.bus.BusSubscription;
import io.observer.bus.EventBus;
import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The wanted events in the log's order, on one worker: from the bus, and from the log what the bus had to drop.
 *
 * <p>Order: the log's. When slow: waits, and what was dropped is read back; what the log has no longer, or cannot give, is told. On reconnect:
 * starts with what comes next. When it ends: only by {@link #close}.
 */
final class EventFeed {

    /** Hears of everything, on the worker. */
    interface Listener {

        void event(Event event);

        /** Events that were dropped and that the log has no longer. */
        void missed(long count);

        /** Events that were dropped and that the log has but could not be asked for, because of {@code failure}. */
        void unread(long count, Throwable failure);

        /** A run of events is over. */
        void pause();

        /** Whether nothing more should come for a moment. */
        boolean isFull();
    }

    private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

    /** Events a run takes at most, so that what else runs on the worker has its turn. */
    private static final int MAX_RUN = 512;

    /** How often a full listener is asked again. */
    private static final long FULL_MILLIS = 10;

    private static final PageLimit PAGE = new PageLimit(500, 1L << 20);

    /** Waits here while the recorder is busy; what does not fit is read back. */
    private static final int BUFFER_EVENTS = 20_000;

    private static final long BUFFER_BYTES = 16L << 20;

    private final EventLog eventLog;
    private final EventFilter filter;
    private final Scheduler.Worker worker;
    private final Listener listener;
    private final BusSubscription subscription;

    private final AtomicInteger wip = new AtomicInteger();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private volatile long handledThrough;
    private boolean readingBack;
    private volatile boolean closed;

    EventFeed(EventLog eventLog, EventBus bus, EventFilter filter, Scheduler.Worker worker, Listener listener) {
        this.eventLog = eventLog;
        this.filter = filter;
        this.worker = worker;
        this.listener = listener;
        this.handledThrough = eventLog.bounds().lastId();
        this.subscription = bus.open(filter, this::wake, BUFFER_EVENTS, BUFFER_BYTES);
    }

    /** Runs {@code task} on the worker once all that has been published until now is handled. Any thread. */
    void whenHandled(Runnable task) {
        Waiting next = new Waiting(subscription.offeredThrough(), task);
        worker.schedule(() -> {
            waiting.add(next);
            wake();
        });
    }

    /** Everything up to this id is handled; what is asked on the worker is exact. */
    long handledThrough() {
        return handledThrough;
    }

    /** Ends the feed where it is: nothing is handled any more. Any thread. */
    void close() {
        closed = true;
        subscription.close();
    }

    private void wake() {
        if (wip.getAndIncrement() == 0) {
            worker.schedule(this::drain);
        }
    }

    private void drain() {
        int seen = wip.get();
        do {
            if (!handleRun()) {
                worker.schedule(this::drain, listener.isFull() ? FULL_MILLIS : 0, TimeUnit.MILLISECONDS);
                return;
            }
            seen = wip.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Whether nothing more is there for now. */
    private boolean handleRun() {
        boolean empty = readingBack || closed;
        for (int n = 0; n < MAX_RUN && !empty && !readingBack && !listener.isFull(); n++) {
            long offered = subscription.offeredThrough();
            BusSignal signal = subscription.poll();
            if (signal instanceof BusSignal.Next next) {
                handle(next.event());
            } else if (signal instanceof BusSignal.Lost lost) {
                readingBack = true;
                readBack(lost.from() - 1, lost, 0);
            } else {
                handledThrough = Math.max(handledThrough, offered);
                empty = true;
            }
        }
        listener.pause();
        while (!waiting.isEmpty() && (closed || waiting.element().position() <= handledThrough)) {
            run(waiting.remove().task());
        }
        return empty || readingBack;
    }

    private void handle(Event event) {
        try {
            listener.event(event);
        } catch (RuntimeException failure) {
            log.warn("An event could not be recorded. id={}", event.id(), failure);
        }
        handledThrough = event.id();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            log.warn("A task of the recorder failed", failure);
        }
    }

    private void readBack(long after, BusSignal.Lost lost, long found) {
        eventLog.read(after, filter, PAGE)
                .subscribe(
                        page -> worker.schedule(() -> take(page, after, lost, found)),
                        failure -> worker.schedule(() -> fail(lost, found, failure)));
    }

    private void take(LogPage page, long after, BusSignal.Lost lost, long found) {
        if (closed) {
            return;
        }
        long now = found;
        for (Event event : page.events()) {
            if (event.id() <= lost.to()) {
                handle(event);
                now++;
            }
        }
        listener.pause();
        if (page.hasMore() && page.covered() > after && page.covered() < lost.to()) {
            readOn(page.covered(), lost, now);
        } else {
            if (now < lost.count()) {
                listener.missed(lost.count() - now);
            }
            endReadBack(lost);
        }
    }

    private void readOn(long after, BusSignal.Lost lost, long found) {
        if (listener.isFull()) {
            worker.schedule(() -> readOn(after, lost, found), FULL_MILLIS, TimeUnit.MILLISECONDS);
        } else if (!closed) {
            readBack(after, lost, found);
        }
    }

    private void fail(BusSignal.Lost lost, long found, Throwable failure) {
        if (closed) {
            return;
        }
        listener.unread(lost.count() - found, failure);
        endReadBack(lost);
    }

    private void endReadBack(BusSignal.Lost lost) {
        handledThrough = Math.max(handledThrough, lost.to());
        readingBack = false;
        wake();
    }

    /** @param position what has to be handled first */
    private record Waiting(long position, Runnable task) {}
}
