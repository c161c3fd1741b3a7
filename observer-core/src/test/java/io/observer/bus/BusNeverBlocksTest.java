package io.observer.bus;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.MemoryEventLog;
import io.observer.log.PageLimit;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Publishing and reading happen on threads that must not block, and do not block them. */
@Tag("blockhound")
class BusNeverBlocksTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final Scheduler parallel = Schedulers.newParallel("test-never-blocks", 2, true);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final EventBus bus = new EventBus(100, 1 << 20);
    private final EventLog log = new MemoryEventLog(
            "k3f9x2", new Retention(Duration.ofHours(1), 1_000, 0), Ticker.system(), parallel, 10_000, bus::publish);

    @BeforeAll
    static void watch() {
        BlockHound.install();
    }

    @BeforeEach
    void collect_failures() {
        Schedulers.onHandleError((thread, failure) -> failures.add(failure));
        Hooks.onErrorDropped(failures::add);
    }

    @AfterEach
    void stop_the_threads() {
        Schedulers.resetOnHandleError();
        Hooks.resetOnErrorDropped();
        parallel.dispose();
    }

    @Test
    void a_blocking_call_would_be_noticed() {
        Mono<Object> blocking = Mono.fromCallable(() -> {
                    Thread.sleep(1);
                    return new Object();
                })
                .subscribeOn(parallel);

        assertThatThrownBy(() -> blocking.block(LONG_ENOUGH)).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    @Test
    void appending_publishing_hearing_and_reading_never_block() {
        Mono<Event> everything = hearLast(EventFilter.all());
        Mono<Event> ofJob = hearLast(EventFilter.job(BUILD));
        Mono<Event> named = hearLast(named("log.*"));
        Mono<Long> pages = Flux.interval(Duration.ofMillis(1), parallel)
                .onBackpressureDrop()
                .concatMap(tick -> log.positionBeforeLast(50, EventFilter.all()))
                .concatMap(position -> log.read(position, named("log.*"), PageLimit.of(20)))
                .map(LogPage::covered)
                .filter(covered -> covered == 3_000 || log.bounds().lastId() == 3_000)
                .next();
        Mono<Void> publishing = Flux.range(0, 300)
                .publishOn(parallel)
                .concatMap(n -> log.append(lines(10)))
                .then();

        List<Object> ends = Flux.<Object>merge(everything, ofJob, named, pages)
                .doOnSubscribe(subscribed -> parallel.schedule(() -> publishing.subscribe(null, failures::add)))
                .collectList()
                .block(LONG_ENOUGH);
        log.close().subscribeOn(parallel).block(LONG_ENOUGH);

        assertThat(ends).hasSize(4);
        assertThat(failures).isEmpty();
        assertThat(bus.published()).isEqualTo(3_000);
        assertThat(bus.failures()).isZero();
        assertThat(bus.subscribers()).isZero();
    }

    /** Ends with the last event that is published, whatever was dropped before. */
    private Mono<Event> hearLast(EventFilter filter) {
        return bus.subscribe(filter, parallel)
                .filter(event -> event.id() == 3_000)
                .next();
    }
}
