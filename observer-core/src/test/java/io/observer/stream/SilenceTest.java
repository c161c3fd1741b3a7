package io.observer.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.log.ManualTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A silence of a second")
class SilenceTest {

    private static final Duration HALF = Duration.ofMillis(500);

    private final ManualTicker ticker = new ManualTicker();
    private final Timer timer = new Timer();
    private final AtomicInteger wakes = new AtomicInteger();
    private final Silence silence = new Silence(Duration.ofSeconds(1), timer, ticker, wakes::incrementAndGet);

    @Test
    void wakes_when_it_has_lasted_and_again_each_second_after() {
        for (int second = 1; second <= 3; second++) {
            ticker.advance(HALF.plus(HALF));
            timer.fire();

            assertThat(wakes).hasValue(second);
        }
    }

    @Test
    void that_was_interrupted_has_the_rest_to_last() {
        ticker.advance(HALF);
        silence.end();
        ticker.advance(HALF);
        timer.fire();
        assertThat(wakes).hasValue(0);

        ticker.advance(HALF);
        timer.fire();
        assertThat(wakes).hasValue(1);
    }

    /** On a busy machine the rest of a wait passes while the thread that began it stands still. */
    @Test
    void goes_on_when_a_wait_is_over_before_it_was_noted() {
        ticker.advance(HALF);
        silence.end();
        ticker.advance(HALF);
        timer.firesNextAtOnce = true;
        timer.fire();
        assertThat(wakes).hasValue(1);

        ticker.advance(HALF.plus(HALF));
        timer.fire();
        assertThat(wakes).hasValue(2);
    }

    @Test
    void is_over_for_good_when_it_is_called_off() {
        silence.cancel();

        ticker.advance(HALF.plus(HALF));
        timer.fire();
        assertThat(wakes).hasValue(0);
        assertThat(timer.waiting).isEmpty();
    }

    /** Fires when a test says so. */
    private final class Timer implements Scheduler {

        private record Wait(Runnable task, Disposable.Composite disposable) {}

        private final Queue<Wait> waiting = new ArrayDeque<>();
        private boolean firesNextAtOnce;

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            Wait wait = new Wait(task, Disposables.composite());
            if (firesNextAtOnce) {
                firesNextAtOnce = false;
                ticker.advance(Duration.of(delay, unit.toChronoUnit()));
                task.run();
            } else {
                waiting.add(wait);
            }
            return wait.disposable();
        }

        void fire() {
            Wait wait = waiting.remove();
            if (!wait.disposable().isDisposed()) {
                wait.task().run();
            }
        }

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Worker createWorker() {
            return Schedulers.immediate().createWorker();
        }
    }
}
