package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Percentiles are exact to 10 µs")
class LatenciesTest {

    private final Latencies latencies = new Latencies();

    @Test
    void a_percentile_is_the_time_within_which_so_many_were_done() {
        for (int i = 100; i >= 1; i--) {
            latencies.add(Duration.ofMillis(i).toNanos());
        }

        assertThat(latencies.percentile(50))
                .isEqualTo(Duration.ofNanos(50_010_000).toNanos());
        assertThat(latencies.percentile(99))
                .isEqualTo(Duration.ofNanos(99_010_000).toNanos());
        assertThat(latencies.percentile(100)).isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(latencies.total()).isEqualTo(100);
    }

    @Test
    void what_takes_longer_than_can_be_counted_still_shows() {
        latencies.add(Duration.ofMillis(1).toNanos());
        latencies.add(Duration.ofMinutes(1).toNanos());

        assertThat(latencies.percentile(99)).isEqualTo(Duration.ofMinutes(1).toNanos());
        assertThat(latencies.max()).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void without_any_there_is_no_time() {
        assertThat(latencies.percentile(50)).isZero();
        assertThat(latencies.max()).isZero();
    }
}
