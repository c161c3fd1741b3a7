package io.observer.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wait before the next try")
class BackOffTest {

    private final BackOff backOff = new BackOff(new Random(7));

    @Test
    void doubles_up_to_30_s_less_up_to_a_quarter() {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(backOff.next()).isBetween(Duration.ofMillis(seconds * 750L), Duration.ofSeconds(seconds));
        }
    }

    @Test
    void is_short_again_after_a_success() {
        backOff.next();
        backOff.next();
        backOff.reset();

        assertThat(backOff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void differs_between_receivers() {
        assertThat(new BackOff(new Random(1)).next()).isNotEqualTo(new BackOff(new Random(2)).next());
    }
}
