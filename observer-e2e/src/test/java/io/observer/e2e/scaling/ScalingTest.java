package io.observer.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The arithmetic of docs/scaling.md")
class ScalingTest {

    private static final int DEFAULT_STREAMS = 10_000;

    @ParameterizedTest
    @CsvSource({
        // nodes, readers, events/s, connects/s of a node, streams of a node
        "2,    9000,    200,  2000, 10000",
        "3,    19000,   100,  2000, 10000",
        "10,   85000,   100,  500,  10000",
        "100,  950000,  100,  2000, 10000",
        "20,   1000000, 50,   500,  60000",
        "3,    30000,   100,  2000, 16000",
    })
    void agrees_with_returns_played_through(
            int nodes, int readers, double eventsPerSecond, double connectsPerSecond, int maxStreams) {
        Fleet fleet = new Fleet(nodes, readers, eventsPerSecond, connectsPerSecond, 10_000, maxStreams);

        for (Return comers : List.of(fleet.afterLossOfOneNode(), fleet.afterLossOfAllConnections())) {
            PlayedReturn played = PlayedReturn.of(comers, 1);

            assertThat(played.leftOut()).isZero();
            assertThat(played.sentAway()).isZero();
            assertThat(played.allBackAfter()).isCloseTo(comers.allBackAfter(), withinPercentage(30));
            assertThat(played.arrivalsPerSecond())
                    .isGreaterThanOrEqualTo(0.9 * comers.arrivalsPerSecond())
                    .isLessThan(comers.arrivalsPerSecond() + 6 * Math.sqrt(comers.arrivalsPerSecond()) + 10);
            assertThat(played.mostMissed()).isCloseTo(comers.mostMissed(), withinPercentage(30));
            if (comers.mostMissed() < 0.7 * fleet.remembered()) {
                assertThat(played.fromRedis()).isZero();
            }
        }
    }

    @Test
    void a_fleet_that_is_full_has_no_room_for_the_readers_of_a_lost_node() {
        Return comers = new Fleet(3, 30_000, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfOneNode();

        assertThat(comers.leftOut()).isEqualTo(10_000);
        assertThat(PlayedReturn.of(comers, 1).leftOut()).isEqualTo(10_000);
    }

    @Test
    void nodes_that_just_have_room_send_some_readers_from_one_to_another() {
        Return comers = new Fleet(3, 20_000, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfOneNode();

        PlayedReturn played = PlayedReturn.of(comers, 1);

        assertThat(comers.leftOut()).isZero();
        assertThat(played.leftOut()).isZero();
        assertThat(played.sentAway()).isPositive();
        assertThat(played.allBackAfter()).isGreaterThan(Return.SHORTEST_BUSY_RETRY);
    }

    @Test
    void two_nodes_take_the_readers_of_the_third_back_within_their_own_jitter() {
        Return comers = new Fleet(3, 18_000, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfOneNode();

        assertThat(comers.arrivalsPerSecond()).isEqualTo(1_500);
        assertThat(comers.allBackAfter()).isEqualTo(4);
        assertThat(comers.comesFromMemory()).isTrue();
        assertThat(PlayedReturn.of(comers, 2).longestWait()).isLessThan(0.2);
    }

    @Test
    void the_larger_the_fleet_the_smaller_the_loss_of_a_node() {
        for (int nodes = 2; nodes < 64; nodes *= 2) {
            Return small = new Fleet(nodes, 5_000 * nodes, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfOneNode();
            Return large =
                    new Fleet(2 * nodes, 10_000 * nodes, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfOneNode();

            assertThat(large.arrivalsPerSecond()).isLessThan(small.arrivalsPerSecond());
        }
    }

    @Test
    void a_return_of_all_readers_is_as_large_for_each_node_however_many_there_are() {
        Return few = new Fleet(2, 18_000, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfAllConnections();
        Return many = new Fleet(100, 900_000, 100, 2_000, 10_000, DEFAULT_STREAMS).afterLossOfAllConnections();

        assertThat(many.arrivalsPerSecond()).isEqualTo(few.arrivalsPerSecond()).isEqualTo(4_500);
        assertThat(many.allBackAfter()).isEqualTo(6.5);
        assertThat(PlayedReturn.of(many, 3).allBackAfter()).isCloseTo(6.5, withinPercentage(10));
    }

    @Test
    void a_node_that_is_too_slow_for_its_newcomers_sends_them_to_redis() {
        Return comers = new Fleet(2, 20_000, 5_000, 500, 10_000, 20_000).afterLossOfOneNode();

        assertThat(comers.allBackAfter()).isEqualTo(22);
        assertThat(comers.comesFromMemory()).isFalse();
        assertThat(PlayedReturn.of(comers, 3).fromRedis()).isGreaterThan(9_000);
    }
}
