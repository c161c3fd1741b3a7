package io.observer.web.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What an {@link RpcServer} did so far. Safe for any number of threads. */
public final class RpcMetrics {

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger subscribers = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();

    /** Connections open now. */
    public int connections() {
        return connections.get();
    }

    /** Subscriptions open now. */
    public int subscribers() {
        return subscribers.get();
    }

    /** Requests that had their answer. */
    public long answered() {
        return answered.sum();
    }

    /** Requests that were answered with an error. */
    public long refused() {
        return refused.sum();
    }

    /** Connections closed at once because too many were open. */
    public long turnedAway() {
        return turnedAway.sum();
    }

    /** Answers how many there are with this one. */
    int connected() {
        return connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    void subscribed() {
        subscribers.incrementAndGet();
    }

    void unsubscribed() {
        subscribers.decrementAndGet();
    }

    void countAnswered() {
        answered.increment();
    }

    void countRefused() {
        refused.increment();
    }

    void countTurnedAway() {
        turnedAway.increment();
    }
}
