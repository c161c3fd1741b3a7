package io.observer.operation;

import static io.observer.operation.TestOperations.START;
import static io.observer.operation.TestOperations.failure;
import static io.observer.operation.TestOperations.op;
import static io.observer.operation.TestOperations.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.operation.ClusterChange.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Failures that belong together")
class FailureClustersTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int WINDOW_SECONDS = 600;

    private final FailureClusters clusters = new FailureClusters(5, WINDOW);
    private final List<ClusterChange> changes = new ArrayList<>();
    private Instant now = START.plus(Duration.ofDays(30));
    private long nanos = Long.MAX_VALUE - 5;

    @Test
    void are_a_cluster_when_there_are_five_within_ten_minutes() {
        failures(0, 150, 300, 450);
        assertThat(changes).isEmpty();
        assertThat(clusters.list()).isEmpty();

        failures(600);

        assertThat(kinds()).containsExactly(Kind.OPENED);
        assertThat(text(changes.get(0).json())).isEqualTo("""
                {"endpoint":"/v1/search","source":"mcp","event_kind":"search.query","count":5,"state":"opened",\
                "first":"2026-11-21T06:00:00Z","last":"2026-11-21T06:10:00Z","sample_errors":["timeout after 30s"]}""");
        assertThat(text(clusters.list().get(0).json())).contains("\"state\":\"open\"");
    }

    @Test
    void are_none_when_the_fifth_is_a_second_later() {
        failures(0, 150, 300, 450, 601);

        assertThat(changes).isEmpty();

        failures(602, 603);
        assertThat(kinds()).as("the window slides: 300 450 601 602 603").containsExactly(Kind.OPENED);
        assertThat(clusters.list().get(0).first()).isEqualTo(START.plusSeconds(150));
    }

    @Test
    void must_share_endpoint_source_and_kind() {
        for (int n = 0; n < 4; n++) {
            add(op(keyed("/a", "mcp", "x")));
            add(op(keyed("/b", "mcp", "x")));
            add(op(keyed("/a", "scenario", "x")));
            add(op(keyed("/a", "mcp", "y")));
        }
        assertThat(changes).isEmpty();

        add(op(keyed("/a", "scenario", "x")));

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.cluster().source()).isEqualTo("scenario"));
    }

    @Test
    void are_not_interrupted_by_what_goes_well() {
        for (int n = 0; n < 5; n++) {
            failures(n);
            add(success(n));
        }

        assertThat(kinds()).containsExactly(Kind.OPENED);
    }

    @Test
    void may_come_in_any_order_within_the_window() {
        failures(400, 100, 300, 0, 200);

        assertThat(clusters.list()).singleElement().satisfies(cluster -> {
            assertThat(cluster.first()).isEqualTo(START);
            assertThat(cluster.last()).isEqualTo(START.plusSeconds(400));
        });
    }

    @Test
    void are_told_again_at_each_tenfold() {
        for (int n = 0; n < 500; n++) {
            failures(n);
        }

        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.GROWN, Kind.GROWN);
        assertThat(changes).extracting(change -> change.cluster().count()).containsExactly(5L, 50L, 500L);
    }

    @Test
    void show_a_few_different_errors_shortened() {
        for (int n = 0; n < 4; n++) {
            add(failure("/a", n, "same"));
        }
        add(failure("/a", 5, "😀".repeat(150)));
        IntStream.range(0, 10).forEach(n -> add(failure("/a", 6, "error " + n)));

        List<String> samples = clusters.list().get(0).sampleErrors();

        assertThat(samples).containsExactly("same", "😀".repeat(99) + "…", "error 0", "error 1", "error 2");
    }

    @Nested
    class Are_over {

        @Test
        void when_the_next_comes_more_than_a_window_later() {
            failures(0, 1, 2, 3, 4, 4 + WINDOW_SECONDS);
            assertThat(kinds()).as("just in time").containsExactly(Kind.OPENED);

            failures(4 + 2 * WINDOW_SECONDS + 1);

            assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CLOSED);
            assertThat(clusters.list()).singleElement().satisfies(cluster -> {
                assertThat(cluster.open()).isFalse();
                assertThat(cluster.count()).isEqualTo(6);
            });
        }

        @Test
        void when_none_arrives_for_a_window() {
            failures(0, 1, 2, 3, 4);

            pass(WINDOW.minusNanos(1));
            assertThat(kinds()).containsExactly(Kind.OPENED);
            pass(Duration.ofNanos(1));

            assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CLOSED);
            pass(WINDOW);
            assertThat(kinds()).as("once").hasSize(2);
        }

        @Test
        void and_a_later_five_are_another_cluster() {
            failures(0, 1, 2, 3, 4);
            pass(WINDOW);
            failures(2_000, 2_001, 2_002, 2_003, 2_004);

            assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CLOSED, Kind.OPENED);
            assertThat(clusters.list()).extracting(FailureCluster::open).containsExactly(true, false);
            assertThat(clusters.list()).extracting(FailureCluster::count).containsExactly(5L, 5L);
        }

        @Test
        void and_only_the_newest_hundred_are_still_shown() {
            for (int n = 0; n < 150; n++) {
                int from = n * 2_000;
                failures(from, from + 1, from + 2, from + 3, from + 4);
            }

            assertThat(clusters.list()).hasSize(101);
            assertThat(clusters.list().get(1).first()).isEqualTo(START.plusSeconds(148 * 2_000));
        }
    }

    @Test
    void go_by_their_own_time_so_that_a_batch_from_yesterday_shows_its_clusters() {
        failures(0, 10, 20, 30, 40);
        failures(5_000, 5_001);

        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CLOSED);
    }

    @Test
    void are_not_joined_by_one_that_comes_more_than_a_window_too_late() {
        failures(1_000, 1_001, 1_002, 1_003);
        failures(399);
        assertThat(changes).isEmpty();

        failures(403);

        assertThat(kinds()).containsExactly(Kind.OPENED);
    }

    @Test
    void do_not_happen_in_the_future() {
        now = START;
        add(failure(1_000_000_000));
        failures(-1, -2, -3);
        now = START.plusSeconds(5);

        failures(5);

        assertThat(kinds()).containsExactly(Kind.OPENED);
        assertThat(clusters.list().get(0).last()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void are_followed_for_a_bounded_number_of_keys_and_an_open_cluster_that_is_given_up_is_told() {
        for (int n = 0; n < 5; n++) {
            add(failure("/first", n, "boom"));
        }
        for (int n = 0; n < FailureClusters.MAX_KEYS; n++) {
            add(failure("/endpoint/" + n, 10, "boom"));
        }

        assertThat(kinds()).containsExactly(Kind.OPENED, Kind.CLOSED);
        assertThat(changes.get(1).cluster().endpoint()).isEqualTo("/first");
    }

    @Nested
    class After_a_restart {

        @Test
        void go_on_if_the_window_is_not_over() {
            now = START.plusSeconds(4 + 100);
            failures(0, 1, 2, 3, 4);
            changes.clear();

            changes.addAll(clusters.resume(now, nanos));
            pass(Duration.ofSeconds(499));
            assertThat(changes).isEmpty();
            pass(Duration.ofSeconds(1));

            assertThat(kinds()).containsExactly(Kind.CLOSED);
        }

        @Test
        void are_told_to_be_over_if_that_was_while_nobody_ran() {
            failures(0, 1, 2, 3, 4);
            changes.clear();

            changes.addAll(clusters.resume(now, nanos));

            assertThat(kinds()).containsExactly(Kind.CLOSED);
        }

        @Test
        void are_told_to_be_over_even_if_operations_came_later_for_nobody_knows_that_it_was_told() {
            failures(0, 1, 2, 3, 4);
            add(success(4 + WINDOW_SECONDS + 1));
            changes.clear();

            changes.addAll(clusters.resume(now, nanos));

            assertThat(kinds()).containsExactly(Kind.CLOSED);
            assertThat(clusters.list()).extracting(FailureCluster::open).containsExactly(false);
        }
    }

    private void failures(int... seconds) {
        IntStream.of(seconds).forEach(second -> add(failure(second)));
    }

    private void add(ObservedOp op) {
        changes.addAll(clusters.add(op, now, nanos));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        changes.addAll(clusters.expire(nanos));
    }

    private List<Kind> kinds() {
        return changes.stream().map(ClusterChange::kind).toList();
    }

    private static String keyed(String endpoint, String source, String kind) {
        return "{\"timestamp\":\"2026-11-21T06:00:00Z\",\"endpoint\":\"" + endpoint + "\",\"source\":\"" + source
                + "\",\"event_kind\":\"" + kind + "\"}";
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
