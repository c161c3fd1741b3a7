package io.observer.log.redis;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a log in Redis is reached and what it keeps.
 *
 * @param url {@code redis://}, {@code rediss://}, {@code redis-socket://}, {@code redis-sentinel://} as Lettuce reads
 *     them, or {@code redis-cluster://} and {@code rediss-cluster://} with one or more {@code host:port}
 * @param password null for none, or for that of the URL
 * @param certificate the authority, as PEM, that a TLS certificate has to come from; null for those that Java knows
 * @param prefix what the keys begin with
 * @param maxEntries how many of the newest events are kept; Redis may keep some hundred more
 * @param ttl how long an event is kept, by the time that nodes ran
 * @param timeout how long an answer of Redis may take before it counts as away
 */
public record RedisLogSettings(
        String url,
        @Nullable String password,
        @Nullable Path certificate,
        String prefix,
        long maxEntries,
        Duration ttl,
        Duration timeout) {

    /** Without the password. */
    @Override
    public String toString() {
        return prefix + " at " + RedisPlace.of(this);
    }
}
