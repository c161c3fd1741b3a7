package io.observer.log.redis;

import io.observer.log.EventOutput;
import io.observer.log.JobTrace;
import io.observer.log.LogSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Opens logs in Redis for a test and closes them after it. */
final class OpenLogs implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final AtomicInteger epochs = new AtomicInteger();
    private final List<RedisEventLog> open = new ArrayList<>();
    private final Map<RedisEventLog, List<JobTrace>> jobs = new HashMap<>();

    /** Settings under which a busy machine never counts as a Redis that is away. */
    static RedisLogSettings patient(String url, String prefix) {
        return new RedisLogSettings(url, null, null, prefix, 1_000_000, Duration.ofDays(7), Duration.ofSeconds(10));
    }

    /** Settings under which Redis soon counts as away. */
    static RedisLogSettings impatient(String url, String prefix) {
        return new RedisLogSettings(url, null, null, prefix, 1_000_000, Duration.ofDays(7), Duration.ofMillis(800));
    }

    /** One that runs on the thread of its connections, as it does in a server. */
    RedisEventLog open(RedisLogSettings settings, LogSetup setup) {
        return open(settings, setup, null, Schedulers.parallel());
    }

    /** One whose time passes on {@code timer}. */
    RedisEventLog open(RedisLogSettings settings, LogSetup setup, Scheduler timer) {
        return open(settings, setup, null, timer);
    }

    /** One that tells of its jobs to {@code found} and of its events to {@code output}. */
    RedisEventLog open(RedisLogSettings settings, LogSetup setup, Consumer<List<JobTrace>> found, EventOutput output) {
        return open(settings, setup, null, Schedulers.parallel(), found, output);
    }

    /** One that runs when the writer of {@code setup} does. */
    RedisEventLog openHeld(RedisLogSettings settings, LogSetup setup) {
        return open(settings, setup, setup.writing(), Schedulers.parallel());
    }

    private RedisEventLog open(
            RedisLogSettings settings, LogSetup setup, @Nullable Scheduler writing, Scheduler timer) {
        List<JobTrace> found = new ArrayList<>();
        RedisEventLog log = open(settings, setup, writing, timer, found::addAll, setup.output());
        jobs.put(log, found);
        return log;
    }

    private RedisEventLog open(
            RedisLogSettings settings,
            LogSetup setup,
            @Nullable Scheduler writing,
            Scheduler timer,
            Consumer<List<JobTrace>> found,
            EventOutput output) {
        RedisEventLog log = RedisEventLog.open(
                settings,
                setup.ticker(),
                () -> "k3f9x" + epochs.incrementAndGet(),
                writing,
                timer,
                setup.maxQueued(),
                1_000,
                found,
                output);
        open.add(log);
        return log;
    }

    /** What {@code log} told of its jobs when it was opened. */
    List<JobTrace> jobsFound(RedisEventLog log) {
        return jobs.get(log);
    }

    @Override
    public void close() {
        open.forEach(RedisEventLog::abandon);
    }
}
