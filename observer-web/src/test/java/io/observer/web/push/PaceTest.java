package io.observer.web.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    @Test
    void passes_over_1000_readers_that_take_6_ms_each_are_20_ms_apart_under_load() {
        assertThat(passes(6_000, 0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60))
                .containsExactly(0, 6, 20, 40, 60);
    }

    @Test
    void events_25_ms_apart_give_or_take_some_do_not_wait() {
        assertThat(passes(6_000, 0, 25, 57, 75, 100, 130, 145, 165, 200, 225))
                .containsExactly(0, 25, 57, 75, 100, 130, 145, 165, 200, 225);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "100, 1", "1000, 4", "3000, 12", "5000, 20", "50000, 50"})
    void passes_are_as_far_apart_as_they_cost(int costMicros, int apartMillis) {
        int[] everyMilli = new int[500];
        for (int milli = 0; milli < everyMilli.length; milli++) {
            everyMilli[milli] = milli;
        }
        List<Integer> passes = passes(costMicros, everyMilli);
        int last = passes.size() - 1;
        assertThat(passes.get(last) - passes.get(last - 1)).isEqualTo(apartMillis);
    }

    @Test
    void a_linger_of_nothing_never_waits() {
        Pace pace = new Pace(0, 0);
        for (int now = 0; now < 100; now++) {
            assertThat(pace.untilDue(now)).isLessThanOrEqualTo(0);
            pace.began(now);
            pace.ended(now + 50);
        }
    }

    /** The milliseconds at which passes begin that take {@code costMicros} when events come at {@code arrivals}. */
    private static List<Integer> passes(int costMicros, int... arrivals) {
        long cost = TimeUnit.MICROSECONDS.toNanos(costMicros);
        Pace pace = new Pace(TimeUnit.MILLISECONDS.toNanos(20), -TimeUnit.DAYS.toNanos(1));
        for (int known = 0; known < 50; known++) {
            long began = TimeUnit.SECONDS.toNanos(known - 100);
            pace.began(began);
            pace.ended(began + cost);
        }
        List<Integer> passes = new ArrayList<>();
        long free = 0;
        for (int arrival : arrivals) {
            long arrived = TimeUnit.MILLISECONDS.toNanos(arrival);
            if (!passes.isEmpty() && arrived <= TimeUnit.MILLISECONDS.toNanos(passes.get(passes.size() - 1))) {
                continue;
            }
            long asked = Math.max(arrived, free);
            long begins = asked + Math.max(0, pace.untilDue(asked));
            pace.began(begins);
            free = begins + cost;
            pace.ended(free);
            passes.add((int) TimeUnit.NANOSECONDS.toMillis(begins));
        }
        return passes;
    }
}
