package io.observer.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.log.HeldScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class PullFluxTest {

    private static final Scheduler CALLER = Schedulers.immediate();

    private final Spring spring = new Spring();

    @Test
    void yields_what_is_polled_until_the_source_is_done() {
        spring.add(1, 2, 3);

        StepVerifier.create(PullFlux.of(spring::open, CALLER))
                .expectNext(1, 2, 3)
                .then(() -> spring.add(4))
                .expectNext(4)
                .then(spring::end)
                .expectComplete()
                .verify(Duration.ofSeconds(30));

        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void polls_nothing_without_demand_and_no_more_than_was_asked_for() {
        spring.add(1, 2, 3, 4, 5);

        StepVerifier.create(PullFlux.of(spring::open, CALLER), 0)
                .expectSubscription()
                .then(() -> assertThat(spring.polls()).isZero())
                .then(() -> spring.add(6))
                .then(() -> assertThat(spring.polls()).isZero())
                .thenRequest(2)
                .expectNext(1, 2)
                .then(() -> assertThat(spring.polls()).isEqualTo(2))
                .thenRequest(1)
                .expectNext(3)
                .then(() -> assertThat(spring.polls()).isEqualTo(3))
                .thenRequest(Long.MAX_VALUE)
                .expectNext(4, 5, 6)
                .thenCancel()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void demand_that_found_nothing_is_met_later() {
        StepVerifier.create(PullFlux.of(spring::open, CALLER), 2)
                .expectSubscription()
                .then(() -> spring.add(1, 2, 3))
                .expectNext(1, 2)
                .then(() -> spring.add(4))
                .thenRequest(1)
                .expectNext(3)
                .thenCancel()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void does_not_end_before_the_last_item_has_been_asked_for() {
        spring.add(1, 2);
        spring.end();

        StepVerifier.create(PullFlux.of(spring::open, CALLER), 1)
                .expectNext(1)
                .then(() -> assertThat(spring.closed()).isZero())
                .thenRequest(1)
                .expectNext(2)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void an_empty_source_that_is_done_completes_without_demand() {
        spring.end();

        StepVerifier.create(PullFlux.of(spring::open, CALLER), 0)
                .expectSubscription()
                .expectComplete()
                .verify(Duration.ofSeconds(30));

        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void closes_the_source_once_when_cancelled() {
        Disposable subscriber = PullFlux.of(spring::open, CALLER).subscribe();
        assertThat(spring.closed()).isZero();

        subscriber.dispose();
        subscriber.dispose();
        spring.add(1);

        assertThat(spring.closed()).isEqualTo(1);
        assertThat(spring.polls()).as("one look before, none after").isEqualTo(1);
    }

    @Test
    void closes_the_source_when_cancelled_in_the_middle() {
        spring.add(1, 2, 3, 4);

        List<Integer> taken =
                PullFlux.of(spring::open, CALLER).take(2).collectList().block();

        assertThat(taken).containsExactly(1, 2);
        assertThat(spring.polls()).isEqualTo(2);
        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void leaves_no_source_open_for_a_subscriber_that_cancels_at_once() {
        PullFlux.of(spring::open, CALLER).subscribe(new BaseSubscriber<Integer>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(spring.closed()).isEqualTo(spring.opened());
        assertThat(spring.polls()).isZero();
    }

    @Test
    void closes_the_source_when_polling_it_fails() {
        spring.add(1);
        spring.failAt(2);

        StepVerifier.create(PullFlux.of(spring::open, CALLER))
                .expectNext(1)
                .then(() -> spring.add(2))
                .expectErrorMessage("the source of this test fails on purpose")
                .verify(Duration.ofSeconds(30));

        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void closes_the_source_when_its_subscriber_fails() {
        spring.add(1, 2, 3);

        StepVerifier.create(PullFlux.of(spring::open, CALLER).map(item -> 6 / (2 - item)))
                .expectNext(6)
                .expectError(ArithmeticException.class)
                .verify(Duration.ofSeconds(30));

        assertThat(spring.closed()).isEqualTo(1);
        assertThat(spring.polls()).isEqualTo(2);
    }

    @Test
    void fails_and_keeps_no_worker_when_the_source_cannot_be_opened() {
        WorkerCount workers = new WorkerCount(CALLER);

        StepVerifier.create(PullFlux.of(
                        ready -> {
                            throw new IllegalStateException("nothing to open in this test");
                        },
                        workers))
                .expectErrorMessage("nothing to open in this test")
                .verify(Duration.ofSeconds(30));

        assertThat(workers.inUse()).isZero();
    }

    @Test
    void gives_its_worker_back_when_it_ends() {
        WorkerCount workers = new WorkerCount(CALLER);
        Flux<Integer> flux = PullFlux.of(spring::open, workers);

        Disposable cancelled = flux.subscribe();
        assertThat(workers.inUse()).isEqualTo(1);
        cancelled.dispose();
        assertThat(workers.inUse()).isZero();
        spring.end();
        flux.blockLast();

        assertThat(workers.inUse()).isZero();
    }

    @Test
    void opens_a_source_for_each_subscriber() {
        Flux<Integer> flux = PullFlux.of(ready -> new Spring().opened(1, 2), CALLER);

        assertThat(flux.take(2).collectList().block()).containsExactly(1, 2);
        assertThat(flux.take(2).collectList().block()).containsExactly(1, 2);
    }

    @Test
    void completes_when_its_scheduler_has_been_stopped() {
        Scheduler stopped = Schedulers.newSingle("test-stopped", true);
        stopped.dispose();
        spring.add(1);

        StepVerifier.create(PullFlux.of(spring::open, stopped)).expectComplete().verify(Duration.ofSeconds(30));

        assertThat(spring.closed()).isEqualTo(1);
    }

    @Test
    void subscribers_on_one_thread_take_turns() {
        HeldScheduler thread = new HeldScheduler();
        List<String> turns = new ArrayList<>();
        int[] all = IntStream.range(0, 1_000).toArray();
        Spring other = new Spring();
        spring.add(all);
        other.add(all);

        Disposable a = PullFlux.of(spring::open, thread.scheduler()).subscribe(item -> turns.add("a" + item));
        Disposable b = PullFlux.of(other::open, thread.scheduler()).subscribe(item -> turns.add("b" + item));
        thread.release();

        assertThat(turns).hasSize(2_000);
        assertThat(turns.indexOf("b0")).as("b begins long before a has ended").isLessThan(500);
        assertThat(turns.indexOf("a999")).as("and a ends before b").isLessThan(turns.indexOf("b999"));
        a.dispose();
        b.dispose();
    }

    @Test
    void many_wakes_are_one_run() {
        HeldScheduler thread = new HeldScheduler();
        List<Integer> heard = new ArrayList<>();
        Disposable subscriber = PullFlux.of(spring::open, thread.scheduler()).subscribe(heard::add);
        thread.release();

        for (int n = 1; n <= 100; n++) {
            spring.add(n);
        }
        assertThat(thread.release()).isEqualTo(1);

        assertThat(heard).hasSize(100);
        subscriber.dispose();
    }
}
