package io.observer.log.redis;

import io.observer.log.LogSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Opens logs in Redis for a test and closes them after it. */
final class OpenLogs implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final AtomicInteger epochs = new AtomicInteger();
    private final List<RedisEventLog> open = new ArrayList<>();

    /** Settings under which a busy machine never counts as a Redis that is away. */
    static RedisLogSettings patient(String url, String prefix) {
        return new RedisLogSettings(url, null, null, prefix, 1_000_000, Duration.ofDays(7), Duration.ofSeconds(10));
    }

    /** Settings under which Redis soon counts as away. */
    static RedisLogSettings impatient(String url, String prefix) {
        return new RedisLogSettings(url, null, null, prefix, 1_000_000, Duration.ofDays(7), Duration.ofMillis(800));
    }

    RedisEventLog open(RedisLogSettings settings, LogSetup setup) {
        return open(settings, setup, Schedulers.parallel());
    }

    RedisEventLog open(RedisLogSettings settings, LogSetup setup, Scheduler timer) {
        RedisEventLog log = RedisEventLog.open(
                settings,
                setup.ticker(),
                () -> "k3f9x" + epochs.incrementAndGet(),
                setup.writing(),
                timer,
                setup.maxQueued(),
                1_000,
                setup.output());
        open.add(log);
        return log;
    }

    @Override
    public void close() {
        open.forEach(RedisEventLog::abandon);
    }
}
