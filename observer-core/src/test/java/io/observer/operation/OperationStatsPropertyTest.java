package io.observer.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Figures that are kept up to date one by one equal those that counting everything again would give. */
class OperationStatsPropertyTest {

    @Property(tries = 300)
    void equal_a_recount_of_the_newest_operations(
            @ForAll("operations") List<ObservedOp> ops, @ForAll @IntRange(min = 1, max = 40) int size) {
        OperationStats stats = new OperationStats(size, OperationTotals.NONE);
        ops.forEach(stats::add);

        StatsSnapshot snapshot = stats.snapshot();

        List<ObservedOp> ring = ops.subList(Math.max(0, ops.size() - size), ops.size());
        assertThat(snapshot.total()).isEqualTo(ring.size());
        assertThat(snapshot.successes())
                .isEqualTo((int) ring.stream().filter(ObservedOp::success).count());
        assertThat(snapshot.failures() + snapshot.successes()).isEqualTo(snapshot.total());
        assertThat(snapshot.bySource()).isEqualTo(counted(ring));
        List<OperationDigest> scenarios = ring.stream()
                .filter(op -> op.source().equals("scenario"))
                .map(OperationDigest::of)
                .toList();
        assertThat(snapshot.recentScenarioOps())
                .isEqualTo(scenarios.subList(Math.max(0, scenarios.size() - 10), scenarios.size()));
        assertThat(snapshot.lifetime().total()).isEqualTo(ops.size());
        assertThat(snapshot.lifetime().bySource().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(ops.size());
    }

    @Provide
    Arbitrary<List<ObservedOp>> operations() {
        return Combinators.combine(
                        Arbitraries.of("mcp", "scenario", "langfuse", "overseer_correction", "näher"),
                        Arbitraries.of(true, false))
                .as(TestOperations::from)
                .list()
                .ofMaxSize(120);
    }

    private static Map<String, Integer> counted(List<ObservedOp> ops) {
        Map<String, Integer> counts = new HashMap<>();
        ops.forEach(op -> counts.merge(op.source(), 1, Integer::sum));
        return counts;
    }
}
