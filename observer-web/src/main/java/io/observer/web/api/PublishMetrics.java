package io.observer.web.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.observer.log.Appended;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Counts what is published and how long storing it takes. */
final class PublishMetrics {

    private static final Duration[] BUCKETS = Stream.of(
                    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000)
            .map(micros -> Duration.of(micros, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final Counter published;
    private final Counter stored;
    private final Timer append;

    PublishMetrics(MeterRegistry registry) {
        published = Counter.builder("observer.events.published")
                .description("Events of well-formed requests, stored or not")
                .register(registry);
        stored = Counter.builder("observer.events.stored")
                .description("Events that the log has stored")
                .register(registry);
        append = Timer.builder("observer.append")
                .description("From a parsed request until its events are stored")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    Mono<Appended> time(Mono<Appended> appending, int events) {
        return Mono.defer(() -> {
            long start = System.nanoTime();
            published.increment(events);
            return appending.doOnNext(appended -> {
                append.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                stored.increment(appended.count());
            });
        });
    }
}
