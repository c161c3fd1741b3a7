package io.observer.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionTest {

    @Test
    void keeps_an_hour_10_000_events_and_256_MiB_by_default() {
        assertThat(Retention.DEFAULT.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(Retention.DEFAULT.maxEntries()).isEqualTo(10_000);
        assertThat(Retention.DEFAULT.maxBytes()).isEqualTo(268_435_456);
    }

    @Test
    void a_bound_that_is_not_positive_falls_back_to_its_default() {
        assertThat(new Retention(Duration.ZERO, 0, 0)).isEqualTo(Retention.DEFAULT);
        assertThat(new Retention(Duration.ofSeconds(-1), -1, -1)).isEqualTo(Retention.DEFAULT);
    }

    @Test
    void each_bound_falls_back_alone() {
        assertThat(new Retention(Duration.ofNanos(1), 0, 0))
                .isEqualTo(new Retention(Duration.ofNanos(1), 10_000, 268_435_456));
        assertThat(new Retention(Duration.ZERO, 1, 0)).isEqualTo(new Retention(Duration.ofHours(1), 1, 268_435_456));
        assertThat(new Retention(Duration.ZERO, 0, 1)).isEqualTo(new Retention(Duration.ofHours(1), 10_000, 1));
    }
}
