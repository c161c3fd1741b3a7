package io.observer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Items and wakes come from many threads while another one polls. */
class PullFluxStressTest {

    private static final int FEEDERS = 4;
    private static final int EACH = 50_000;

    private final ExecutorService pool = Executors.newFixedThreadPool(FEEDERS);
    private final Scheduler parallel = Schedulers.newParallel("test-pull", 2, true);

    @AfterEach
    void stop_the_threads() {
        pool.shutdownNow();
        parallel.dispose();
    }

    /** A prefetch of 1 asks for each item alone. */
    @ParameterizedTest(name = "asked for {0} at a time")
    @ValueSource(ints = {1, 16, 1_000, Integer.MAX_VALUE})
    void no_item_is_lost_doubled_or_overtaken(int demand) throws Exception {
        Spring spring = new Spring();
        List<Integer> heard = new ArrayList<>();

        Future<?> hearing = pool.submit(() -> PullFlux.of(spring::open, parallel)
                .limitRate(demand)
                .doOnNext(heard::add)
                .blockLast(Duration.ofSeconds(60)));
        feed(spring);
        spring.end();
        hearing.get(60, TimeUnit.SECONDS);

        assertThat(heard).hasSize((FEEDERS - 1) * EACH).doesNotHaveDuplicates();
        for (int feeder = 1; feeder < FEEDERS; feeder++) {
            int own = feeder;
            assertThat(heard.stream().filter(item -> item / EACH == own).toList())
                    .isSorted();
        }
        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void a_source_is_polled_by_one_thread_at_a_time() throws Exception {
        Spring spring = new Spring();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean crowded = new AtomicBoolean();
        Flux<Integer> flux = PullFlux.of(
                ready -> {
                    spring.open(ready);
                    return new Guarded(spring, inside, crowded);
                },
                parallel);

        Future<Long> hearing = pool.submit(() -> flux.limitRate(8).count().block(Duration.ofSeconds(60)));
        feed(spring);
        spring.end();

        assertThat(hearing.get(60, TimeUnit.SECONDS)).isEqualTo((FEEDERS - 1) * EACH);
        assertThat(crowded).isFalse();
    }

    @Test
    void every_source_is_closed_once_however_its_subscriber_leaves() throws Exception {
        List<Spring> springs = new ArrayList<>();
        for (int n = 0; n < 2_000; n++) {
            Spring spring = new Spring();
            springs.add(spring);
            var subscriber = PullFlux.of(spring::open, parallel).subscribe();
            Future<?> feeding = pool.submit(() -> spring.add(1, 2, 3));
            Future<?> ending = pool.submit(spring::end);
            subscriber.dispose();
            feeding.get(60, TimeUnit.SECONDS);
            ending.get(60, TimeUnit.SECONDS);
        }

        assertThat(springs).allSatisfy(spring -> assertThat(spring.closed()).isEqualTo(1));
    }

    /** All feeders but one, whose thread listens. */
    private void feed(Spring spring) throws Exception {
        List<Future<?>> feeding = new ArrayList<>();
        for (int feeder = 1; feeder < FEEDERS; feeder++) {
            int first = feeder * EACH;
            feeding.add(pool.submit(() -> {
                for (int n = 0; n < EACH; n++) {
                    spring.add(first + n);
                }
            }));
        }
        for (Future<?> feeder : feeding) {
            feeder.get(60, TimeUnit.SECONDS);
        }
    }

    /** Notices two threads that poll at the same time. */
    private record Guarded(Spring spring, AtomicInteger inside, AtomicBoolean crowded) implements Pullable<Integer> {

        @Override
        public Integer poll() {
            if (inside.incrementAndGet() > 1) {
                crowded.set(true);
            }
            Integer item = spring.poll();
            inside.decrementAndGet();
            return item;
        }

        @Override
        public boolean isDone() {
            return spring.isDone();
        }

        @Override
        public void close() {
            spring.close();
        }
    }
}
