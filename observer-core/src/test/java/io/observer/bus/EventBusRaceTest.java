package io.observer.bus;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribers that come and go, and read, while the log's writer publishes at full speed. */
class EventBusRaceTest {

    private static final long LAST_ID = 90_000;

    private final ExecutorService pool = Executors.newFixedThreadPool(5);
    private final EventBus bus = new EventBus(64, 1 << 20);

    /** The publisher has not yet begun with any id after this one. */
    private volatile long begunThrough;

    @AfterEach
    void stop_the_threads() {
        pool.shutdownNow();
    }

    @Test
    void who_comes_in_the_middle_hears_everything_from_then_on_or_what_was_lost() throws Exception {
        List<Future<Long>> visitors = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            visitors.add(pool.submit(() -> visitAgainAndAgain(EventFilter.all(), 1)));
        }
        publishAll();

        for (Future<Long> visitor : visitors) {
            assertThat(visitor.get(60, TimeUnit.SECONDS)).as("signals heard").isPositive();
        }
        assertThat(bus.subscribers()).isZero();
        assertThat(bus.failures()).isZero();
        assertThat(bus.published()).isEqualTo(LAST_ID);
    }

    @Test
    void who_comes_for_one_job_hears_all_of_it_from_then_on_or_what_was_lost() throws Exception {
        List<Future<Long>> visitors = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            visitors.add(pool.submit(() -> visitAgainAndAgain(EventFilter.job(DEPLOY), 3)));
        }
        publishAll();

        for (Future<Long> visitor : visitors) {
            assertThat(visitor.get(60, TimeUnit.SECONDS)).as("signals heard").isPositive();
        }
        assertThat(bus.subscribers()).isZero();
        assertThat(bus).extracting("jobs", MAP).isEmpty();
    }

    /** Every third event is of another job. */
    private void publishAll() {
        EventDraft build = line(BUILD, "x");
        EventDraft deploy = line(DEPLOY, "x");
        for (long id = 0; id < LAST_ID; ) {
            List<Event> batch = new ArrayList<>();
            while (batch.size() < 10) {
                id++;
                batch.add((id % 3 == 0 ? deploy : build).at(id));
            }
            begunThrough = id;
            bus.publish(batch);
        }
    }

    /** @param step wanted are the ids that it divides */
    private long visitAgainAndAgain(EventFilter filter, long step) {
        long heard = 0;
        while (begunThrough < LAST_ID) {
            heard += visit(filter, step);
        }
        return heard;
    }

    /** Each wanted id is heard or inside a loss, in order, from the one after the opening on. */
    private long visit(EventFilter filter, long step) {
        BusSubscription subscription = bus.open(filter, () -> {});
        long atLatest = begunThrough + step;
        long told = -1;
        long toldToHaveAllThrough = 0;
        long heard = 0;
        for (int n = 0; n < 500; n++) {
            long offeredThrough = subscription.offeredThrough();
            BusSignal signal = subscription.poll();
            if (signal == null) {
                toldToHaveAllThrough = offeredThrough;
                continue;
            }
            long first = signal instanceof BusSignal.Lost lost ? lost.from() : idOf(signal);
            if (told < 0) {
                assertThat(first).isLessThanOrEqualTo(atLatest);
            } else {
                assertThat(first).isEqualTo(told + step);
            }
            assertThat(first).isGreaterThan(toldToHaveAllThrough);
            told = first;
            heard++;
            if (signal instanceof BusSignal.Lost lost) {
                told = lost.to();
                assertThat(lost.count()).isEqualTo((lost.to() - lost.from()) / step + 1);
            }
        }
        subscription.close();
        return heard;
    }

    private static long idOf(BusSignal signal) {
        return ((BusSignal.Next) signal).event().id();
    }
}
