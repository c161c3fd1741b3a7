package io.observer.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The arithmetic of docs/scaling.md")
class ScalingTest {

    @ParameterizedTest
    @CsvSource({
        // nodes, readers, events/s, connects/s of a node
        "2,    10000,   200,  2000",
        "3,    30000,   100,  2000",
        "10,   100000,  100,  500",
        "100,  1000000, 100,  2000",
        "100,  1000000, 1000, 20",
        "20,   1000000, 50,   500",
    })
    void agrees_with_the_loss_of_a_node_played_through(
            int nodes, int readers, double eventsPerSecond, double connectsPerSecond) {
        Fleet fleet = new Fleet(nodes, readers, eventsPerSecond, connectsPerSecond, 10_000);

        NodeLoss played = NodeLoss.of(fleet, 1);

        assertThat(played.allBackAfter()).isCloseTo(fleet.allBackAfter(), withinPercentage(30));
        assertThat(played.arrivalsPerSecond())
                .isGreaterThanOrEqualTo(0.9 * fleet.arrivalsPerSecond())
                .isLessThan(fleet.arrivalsPerSecond() + 6 * Math.sqrt(fleet.arrivalsPerSecond()) + 10);
        assertThat(played.mostMissed()).isCloseTo(fleet.mostMissed(), withinPercentage(30));
        if (fleet.mostMissed() < 0.7 * fleet.remembered()) {
            assertThat(played.fromRedis()).isZero();
        }
    }

    @Test
    void two_nodes_take_the_readers_of_the_third_back_within_their_own_jitter() {
        Fleet fleet = new Fleet(3, 30_000, 100, 3_000, 10_000);

        assertThat(fleet.arrivalsPerSecond()).isEqualTo(2_500);
        assertThat(fleet.allBackAfter()).isEqualTo(4);
        assertThat(fleet.comesBackFromMemory()).isTrue();
        assertThat(NodeLoss.of(fleet, 2).longestWait()).isLessThan(0.2);
    }

    @Test
    void the_larger_the_fleet_the_smaller_the_storm() {
        for (int nodes = 2; nodes < 64; nodes *= 2) {
            Fleet small = new Fleet(nodes, 10_000 * nodes, 100, 2_000, 10_000);
            Fleet large = new Fleet(2 * nodes, 20_000 * nodes, 100, 2_000, 10_000);

            assertThat(large.arrivalsPerSecond()).isLessThan(small.arrivalsPerSecond());
        }
    }

    @Test
    void a_node_that_is_too_slow_for_the_storm_sends_its_readers_to_redis() {
        Fleet fleet = new Fleet(2, 20_000, 5_000, 500, 10_000);

        assertThat(fleet.allBackAfter()).isEqualTo(22);
        assertThat(fleet.comesBackFromMemory()).isFalse();
        assertThat(NodeLoss.of(fleet, 3).fromRedis()).isGreaterThan(9_000);
    }
}
