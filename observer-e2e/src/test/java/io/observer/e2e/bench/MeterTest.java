package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client that cannot keep up is no judge of the server")
class MeterTest {

    @Test
    void while_it_waits_for_most_of_the_time_its_figures_count() {
        assertThat(new Meter.Cost(10, 4.2, 0.1, 0.6, 0.9).faults()).isEmpty();
    }

    @Test
    void once_it_is_hardly_ever_waiting_they_do_not() {
        assertThat(new Meter.Cost(10, 4.2, 0.1, 0.6, 0.97).faults())
                .containsExactly("the client lagged, busy for 97 % of the time: its times say little of the server's");
    }
}
