package io.observer.log.redis;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.LogBounds;
import io.observer.log.MemoryRing;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node has seen of the log: its epoch, its bounds, its newest events. One thread changes it, any number read.
 */
final class RedisHead {

    /** The newest events are answered from memory; no age takes them from there. */
    private static final Retention TAIL = new Retention(Duration.ofDays(36_500), 10_000, 32L << 20);

    private final Ticker ticker;
    private volatile String epoch;
    private volatile long first;
    private volatile long last;
    private volatile MemoryRing ring;

    RedisHead(Ticker ticker, RedisLife life) {
        this.ticker = ticker;
        this.epoch = life.epoch();
        this.first = life.first();
        this.last = life.last();
        this.ring = new MemoryRing(TAIL, ticker, last + 1);
    }

    String epoch() {
        return epoch;
    }

    long last() {
        return last;
    }

    LogBounds bounds() {
        long oldest = first;
        long newest = last;
        return new LogBounds(Math.min(oldest, newest + 1), newest);
    }

    /** The newest events, with no id missing between them. */
    MemoryRing ring() {
        return ring;
    }

    /** Whether memory has everything after this id that is retained. */
    boolean hasAllAfter(long id) {
        return id + 1 >= ring.bounds().firstId() && id + 1 >= first;
    }

    /**
     * The largest id that has {@code count} or more retained events that pass {@code filter} after it, as far as memory
     * can tell; null when Redis has to be asked.
     */
    @Nullable
    Long positionBeforeLast(int count, EventFilter filter) {
        MemoryRing newest = ring;
        long found = newest.positionBeforeLast(count, filter);
        long remembered = newest.bounds().firstId();
        return found >= remembered || remembered <= first ? Long.valueOf(Math.max(found, first - 1)) : null;
    }

    /** The next events, with none missing between them and {@link #last}. */
    void add(List<Event> next) {
        ring.add(next);
        last = next.get(next.size() - 1).id();
    }

    /** The oldest id that is retained, as Redis says. */
    void keepsFrom(long id) {
        first = id;
    }

    /** What comes next is {@code id}: ids before it are missing. */
    void skipTo(long id) {
        ring = new MemoryRing(TAIL, ticker, id);
        last = id - 1;
    }

    /** The log goes on as {@code life}; what this node knows of it up to {@code fork} stays true. */
    void goOnAs(RedisLife life, long fork) {
        epoch = life.epoch();
        first = life.first();
        skipTo(fork + 1);
    }
}
