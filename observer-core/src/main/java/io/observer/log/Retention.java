package io.observer.log;

import java.time.Duration;

/**
 * How long a log keeps an event in memory: the first bound that is reached takes it.
 *
 * @param ttl age by the monotonic clock
 * @param maxEntries number of events
 * @param maxBytes bytes of their JSON
 */
public record Retention(Duration ttl, int maxEntries, long maxBytes) {

    /** One hour, 10,000 events, 256 MiB. */
    public static final Retention DEFAULT = new Retention(Duration.ofHours(1), 10_000, 256L << 20);

    /** A bound that is not positive falls back to its default. */
    public Retention {
        ttl = ttl.isZero() || ttl.isNegative() ? Duration.ofHours(1) : ttl;
        maxEntries = maxEntries <= 0 ? 10_000 : maxEntries;
        maxBytes = maxBytes <= 0 ? 256L << 20 : maxBytes;
    }
}
