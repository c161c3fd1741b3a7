package io.observer.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.observer.event.Ticker;
import io.observer.log.EventLog;
import io.observer.log.EventOutput;
import io.observer.log.JobTrace;
import io.observer.log.redis.RedisEventLog;
import io.observer.log.redis.RedisMetrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.scheduler.Schedulers;

/** The log in Redis and its meters. Apart, so that a server without Redis loads nothing of its client. */
final class RedisBackend {

    private RedisBackend() {}

    static EventLog open(
            ObserverSettings settings, Supplier<String> newEpoch, Consumer<List<JobTrace>> jobs, EventOutput output) {
        return RedisEventLog.open(
                settings.redis().log(settings.log().ttl()),
                Ticker.system(),
                newEpoch,
                Schedulers.parallel(),
                settings.log().maxQueue(),
                settings.log().maxJobs(),
                jobs,
                output);
    }

    static void bind(MeterRegistry registry, EventLog log) {
        if (!(log instanceof RedisEventLog redis)) {
            throw new IllegalArgumentException("not in Redis: " + log.backend());
        }
        RedisMetrics metrics = redis.metrics();
        Gauge.builder("observer.redis.up", redis, l -> l.isStale() ? 0 : 1)
                .description("1 while Redis is there")
                .register(registry);
        Gauge.builder("observer.redis.lag", redis, RedisEventLog::lag)
                .description("Events in Redis that this node has not handed out")
                .register(registry);
        FunctionCounter.builder("observer.redis.reconnects", metrics, RedisMetrics::reconnects)
                .description("Times that the connections to Redis were made anew, or tried to be")
                .register(registry);
        FunctionCounter.builder("observer.redis.unreadable", metrics, RedisMetrics::unreadable)
                .description("Entries of the log in Redis that hold no event")
                .register(registry);
        FunctionTimer.builder(
                        "observer.redis.append",
                        metrics,
                        RedisMetrics::appends,
                        RedisMetrics::appendNanos,
                        TimeUnit.NANOSECONDS)
                .description("From sending a batch until Redis has stored it")
                .register(registry);
    }
}
