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
    @CsvSource({"0, 1", "100, 1", "1000, 8", "1500, 12", "2500, 20", "50000, 50"})
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
    void a_pass_that_found_few_streams_ready_does_not_hold_up_the_one_for_the_others() {
        Pace pace = new Pace(millis(20), 0);
        for (long event = millis(25); event < millis(1_000); event += millis(25)) {
            for (long[] part : new long[][] {{0, 60}, {500, 300}, {2_000, 5_000}}) {
                long asked = event + TimeUnit.MICROSECONDS.toNanos(part[0]);
                assertThat(pace.untilDue(asked)).isLessThanOrEqualTo(0);
                pace.passed(asked, asked + TimeUnit.MICROSECONDS.toNanos(part[1]));
            }
        }
    }

    @Test
    void a_linger_of_nothing_never_waits() {
        Pace pace = new Pace(0, 0);
        for (int now = 0; now < 100; now++) {
            assertThat(pace.untilDue(now)).isLessThanOrEqualTo(0);
            pace.passed(now, now + 50);
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The milliseconds at which passes begin that take {@code costMicros} when events come at {@code arrivals}. */
    private static List<Integer> passes(int costMicros, int... arrivals) {
        long cost = TimeUnit.MICROSECONDS.toNanos(costMicros);
        Pace pace = new Pace(millis(20), millis(-1_000));
        List<Integer> passes = new ArrayList<>();
        long free = 0;
        for (int arrival : arrivals) {
            long arrived = millis(arrival);
            if (!passes.isEmpty() && arrived <= millis(passes.get(passes.size() - 1))) {
                continue;
            }
            long asked = Math.max(arrived, free);
            long begins = asked + Math.max(0, pace.untilDue(asked));
            free = begins + cost;
            pace.passed(begins, free);
            passes.add((int) TimeUnit.NANOSECONDS.toMillis(begins));
        }
        return passes;
    }
}
