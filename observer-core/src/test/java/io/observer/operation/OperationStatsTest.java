package io.observer.operation;

import static io.observer.operation.TestOperations.from;
import static io.observer.operation.TestOperations.op;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The figures")
class OperationStatsTest {

    @Test
    void of_nothing_are_empty() {
        assertThat(new OperationStats(10, OperationTotals.NONE).snapshot())
                .isEqualTo(new StatsSnapshot(0, 0, Map.of(), List.of(), OperationTotals.NONE));
    }

    @Test
    void show_the_newest_ten_scenarios_oldest_of_them_first_and_skip_other_sources() {
        OperationStats stats = new OperationStats(100, OperationTotals.NONE);
        for (int n = 1; n <= 12; n++) {
            stats.add(op("""
                    {"timestamp":"2026-11-21T07:00:%02dZ","endpoint":"/a","source":"scenario","success":%b,\
                    "staffer_id":"st-%d","event_kind":"staffing.fill","role":"welder"}""".formatted(n, n % 2 == 0, n)));
            stats.add(from("mcp", true));
        }

        List<OperationDigest> recent = stats.snapshot().recentScenarioOps();

        assertThat(recent)
                .extracting(OperationDigest::stafferId)
                .containsExactly("st-3", "st-4", "st-5", "st-6", "st-7", "st-8", "st-9", "st-10", "st-11", "st-12");
        assertThat(recent.get(0))
                .isEqualTo(new OperationDigest(
                        "2026-11-21T07:00:03Z", "scenario", false, "st-3", "staffing.fill", "welder"));
    }

    @Test
    void give_no_more_than_256_sources_a_count_of_their_own_for_ever() {
        OperationStats stats = new OperationStats(10, OperationTotals.NONE);
        for (int n = 1; n <= 1_000; n++) {
            stats.add(from("source-" + n, true));
        }
        stats.add(from("source-1", true));

        Map<String, Long> bySource = stats.snapshot().lifetime().bySource();
        assertThat(bySource).hasSize(257).containsEntry("source-1", 2L).containsEntry("other", 744L);
        assertThat(stats.snapshot().bySource())
                .as("the ring holds few enough to name all")
                .hasSize(10)
                .containsEntry("source-1000", 1);
    }

    @Test
    void are_a_copy_that_what_comes_later_does_not_change() {
        OperationStats stats = new OperationStats(10, OperationTotals.NONE);
        stats.add(from("scenario", true));
        StatsSnapshot before = stats.snapshot();

        stats.add(from("scenario", false));

        assertThat(before.total()).isEqualTo(1);
        assertThat(before.bySource()).containsEntry("scenario", 1);
        assertThat(before.recentScenarioOps()).hasSize(1);
    }
}
