package io.observer.bus;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Broadcasts stored events to any number of subscribers, each behind a filter and a drop-oldest buffer of its own.
 * Publishing never waits for a subscriber. Subscribers of one job cost nothing while other jobs are busy.
 */
public final class EventBus {

    private final int bufferEvents;
    private final long bufferBytes;
    private final Topic everything = new Topic();
    private final ConcurrentMap<String, Topic> jobs = new ConcurrentHashMap<>();

    private final AtomicInteger subscribers = new AtomicInteger();
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long publishedThrough;

    /**
     * @param bufferEvents most events that wait for one subscriber
     * @param bufferBytes most bytes of JSON that wait for one subscriber
     */
    public EventBus(int bufferEvents, long bufferBytes) {
        this.bufferEvents = bufferEvents;
        this.bufferBytes = bufferBytes;
    }

    /** Broadcasts {@code events}, which follow all published before. One thread at a time: the log's writer. */
    public void publish(List<Event> events) {
        for (Event event : events) {
            everything.emit(event);
            Topic job = jobs.get(event.jobId());
            if (job != null) {
                job.emit(event);
            }
            publishedThrough = event.id();
        }
        published.add(events.size());
    }

    /**
     * The wanted events from now on.
     *
     * <p>Order: the log's. When slow: the oldest that wait are dropped and counted. On reconnect: starts with what comes
     * next; for the past read the log. When it ends: never by itself.
     *
     * @param scheduler runs the subscriber, so that it never holds up the bus
     */
    public Flux<Event> subscribe(EventFilter filter, Scheduler scheduler) {
        return PullFlux.<BusSignal>of(ready -> open(filter, ready), scheduler)
                .ofType(BusSignal.Next.class)
                .map(BusSignal.Next::event);
    }

    /**
     * A subscription to poll, from now on.
     *
     * @param ready is run on the publishing thread whenever polling may yield; must return at once
     */
    public BusSubscription open(EventFilter filter, Runnable ready) {
        return open(filter, ready, bufferEvents, bufferBytes);
    }

    /** As {@link #open(EventFilter, Runnable)}, with a buffer of the subscriber's own size. */
    public BusSubscription open(EventFilter filter, Runnable ready, int maxEvents, long maxBytes) {
        BusSubscription subscription =
                new BusSubscription(this, filter, ready, new DropOldestBuffer(maxEvents, maxBytes));
        subscribers.incrementAndGet();
        if (filter.jobs().size() == 1) {
            jobs.compute(
                    filter.jobs().iterator().next(),
                    (job, topic) -> (topic == null ? new Topic() : topic).with(subscription));
        } else {
            everything.with(subscription);
        }
        return subscription;
    }

    /** What is published next may follow {@code position} rather than what was published last. By who publishes. */
    public void rewindTo(long position) {
        publishedThrough = Math.min(publishedThrough, position);
    }

    /** Every subscriber has been offered everything up to this id. */
    long publishedThrough() {
        return publishedThrough;
    }

    /** A subscriber with this filter has cancelled; a job that nobody listens to any more is let go of. */
    void left(EventFilter filter) {
        subscribers.decrementAndGet();
        filter.jobs().forEach(job -> jobs.computeIfPresent(job, (name, topic) -> topic.isEmpty() ? null : topic));
    }

    void countDropped(int events) {
        dropped.add(events);
    }

    void countFailure() {
        failures.increment();
    }

    /** Subscribers now. */
    public int subscribers() {
        return subscribers.get();
    }

    /** Events published so far. */
    public long published() {
        return published.sum();
    }

    /** Events dropped from the buffers of slow subscribers so far. */
    public long dropped() {
        return dropped.sum();
    }

    /** Times a subscriber or its filter failed on an event. */
    public long failures() {
        return failures.sum();
    }

    /** A multicast and who listens to it. */
    private static final class Topic {

        private final Sinks.Many<Event> sink = Sinks.many().multicast().directBestEffort();

        Topic with(BusSubscription subscription) {
            sink.asFlux().subscribe(subscription.feed());
            return this;
        }

        void emit(Event event) {
            sink.tryEmitNext(event);
        }

        boolean isEmpty() {
            return sink.currentSubscriberCount() == 0;
        }
    }
}
