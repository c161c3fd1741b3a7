package io.observer.bus;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.EventNames;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;

/**
 * One subscriber's place on the bus: a filter, a buffer behind it, and a call whenever polling may yield.
 *
 * <p>Order: the log's. When slow: the oldest events go and a {@link BusSignal.Lost} says which. On reconnect: a new
 * subscription starts with what comes next. When it ends: only by {@link #close}.
 */
public final class BusSubscription implements Pullable<BusSignal> {

    private static final Logger log = LoggerFactory.getLogger(BusSubscription.class);

    private final EventBus bus;
    private final EventFilter filter;
    private final Runnable ready;
    private final DropOldestBuffer buffer;
    private final Feed feed = new Feed();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile long offeredThrough;
    private volatile long wakeAt;

    BusSubscription(EventBus bus, EventFilter filter, Runnable ready, DropOldestBuffer buffer) {
        this.bus = bus;
        this.filter = filter;
        this.ready = ready;
        this.buffer = buffer;
    }

    @Override
    public @Nullable BusSignal poll() {
        return buffer.poll();
    }

    @Override
    public boolean isDone() {
        return left.get();
    }

    @Override
    public void close() {
        if (left.compareAndSet(false, true)) {
            feed.dispose();
            bus.left(filter);
        }
    }

    /**
     * An id that this subscriber has been offered everything up to. Read it before {@link #poll}: when that then yields
     * null, all wanted events up to the id have been polled.
     */
    public long offeredThrough() {
        return Math.max(offeredThrough, bus.publishedThrough());
    }

    /**
     * Asks to be woken by event {@code id} even if the filter hides it.
     *
     * @return whether it has been offered already, so that no wake will come
     */
    public boolean wakeAt(long id) {
        wakeAt = id;
        return offeredThrough() >= id;
    }

    /** See {@link DropOldestBuffer#skipTo}. */
    public boolean skipTo(long id) {
        return buffer.skipTo(id);
    }

    BaseSubscriber<Event> feed() {
        return feed;
    }

    private void offer(Event event) {
        boolean wanted = filter.matches(event);
        if (wanted) {
            bus.countDropped(buffer.offer(event));
        }
        offeredThrough = event.id();
        // A job's end matters to its readers even when their filter hides the event that says so.
        if (wanted || EventNames.isJobEvent(event.name()) || event.id() == wakeAt) {
            ready.run();
        }
    }

    private final class Feed extends BaseSubscriber<Event> {

        @Override
        protected void hookOnNext(Event event) {
            try {
                offer(event);
            } catch (RuntimeException failure) {
                bus.countFailure();
                log.warn("A subscriber failed on an event and keeps its place. id={}", event.id(), failure);
            }
        }
    }
}
