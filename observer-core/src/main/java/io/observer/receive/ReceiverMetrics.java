package io.observer.receive;

import java.util.concurrent.atomic.LongAdder;

/** What a receiver did so far. Safe for any number of threads. */
public final class ReceiverMetrics {

    private final LongAdder events = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder garbled = new LongAdder();
    private final LongAdder connections = new LongAdder();

    /** Events given to the log. */
    public long events() {
        return events.sum();
    }

    /** Events that break a rule of events, and were left out. */
    public long refused() {
        return refused.sum();
    }

    /** Lines that could not be read: not JSON, or too long. */
    public long garbled() {
        return garbled.sum();
    }

    /** Connections made. */
    public long connections() {
        return connections.sum();
    }

    void countEvents(int count) {
        events.add(count);
    }

    void countRefused() {
        refused.increment();
    }

    void countGarbled() {
        garbled.increment();
    }

    void countConnection() {
        connections.increment();
    }
}
