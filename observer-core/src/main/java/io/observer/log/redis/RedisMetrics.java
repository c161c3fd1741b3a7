package io.observer.log.redis;

import java.util.concurrent.atomic.LongAdder;

/** What a node's log in Redis did so far. Any thread. */
public final class RedisMetrics {

    private final LongAdder connects = new LongAdder();
    private final LongAdder appends = new LongAdder();
    private final LongAdder appendNanos = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private volatile long redisLast;

    /** Times that connections were made anew, whether that succeeded or not. */
    public long reconnects() {
        return connects.sum();
    }

    /** Batches that Redis has answered. */
    public long appends() {
        return appends.sum();
    }

    /** How long it took over them, all together. */
    public long appendNanos() {
        return appendNanos.sum();
    }

    /** Entries of the log that hold no event. */
    public long unreadable() {
        return unreadable.sum();
    }

    /** The newest id in Redis, as of the last time it said. */
    long redisLast() {
        return redisLast;
    }

    void countConnect() {
        connects.increment();
    }

    void countAppend(long nanos) {
        appends.increment();
        appendNanos.add(nanos);
    }

    void countUnreadable() {
        unreadable.increment();
    }

    void redisHas(long last) {
        redisLast = last;
    }
}
