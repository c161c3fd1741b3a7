package io.observer.operation;

import static io.observer.operation.TestOperations.START;
import static io.observer.operation.TestOperations.failure;
import static io.observer.operation.TestOperations.success;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The clusters of operations in order of time equal what one finds with all of them at hand: a cluster begins with the
 * first failure that has enough others within a window behind it, and goes on until a window passes without one.
 */
class FailureClustersPropertyTest {

    /** @param over whether a failure of its endpoint came after it */
    private record Found(String endpoint, int first, int last, long count, boolean over) {}

    @Property(tries = 500)
    void equal_a_naive_search(
            @ForAll("steps") List<Integer> steps,
            @ForAll @IntRange(min = 2, max = 6) int threshold,
            @ForAll @IntRange(min = 1, max = 60) int windowSeconds) {
        FailureClusters clusters = new FailureClusters(threshold, Duration.ofSeconds(windowSeconds));
        TreeMap<String, List<Integer>> failures = new TreeMap<>();
        List<ClusterChange> changes = new ArrayList<>();
        int second = 0;
        for (int step : steps) {
            second += step / 4;
            String endpoint = "/" + step % 4;
            ObservedOp op = step % 4 == 3 ? success(second) : failure(endpoint, second, "boom");
            changes.addAll(clusters.add(op, START.plusSeconds(1_000_000), 0));
            if (!op.success()) {
                failures.computeIfAbsent(endpoint, e -> new ArrayList<>()).add(second);
            }
        }

        List<Found> expected = new ArrayList<>();
        failures.forEach((endpoint, times) -> search(endpoint, times, threshold, windowSeconds, expected));
        assertThat(clusters.list())
                .extracting(cluster -> new Found(
                        cluster.endpoint(),
                        (int) Duration.between(START, cluster.first()).toSeconds(),
                        (int) Duration.between(START, cluster.last()).toSeconds(),
                        cluster.count(),
                        !cluster.open()))
                .usingElementComparator(Comparator.comparing(Found::toString))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(changes)
                .extracting(change -> change.kind() + " " + change.cluster().endpoint() + " "
                        + change.cluster().count())
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .flatMap(found -> told(found, threshold).stream())
                        .toList());
    }

    @Property(tries = 200)
    void go_on_from_what_was_stored_at_any_moment_as_if_nothing_had_happened(
            @ForAll("steps") List<Integer> steps, @ForAll @IntRange(max = 150) int storedAfter) {
        FailureClusters one = new FailureClusters(3, Duration.ofSeconds(20));
        FailureClusters other = new FailureClusters(3, Duration.ofSeconds(20));
        int second = 0;
        for (int n = 0; n < steps.size(); n++) {
            if (n == storedAfter) {
                List<byte[]> lines = ClusterMemoryJson.lines(other.memory()).stream()
                        .map(line -> line.getBytes(StandardCharsets.UTF_8))
                        .toList();
                other = new FailureClusters(3, Duration.ofSeconds(20));
                other.recall(ClusterMemoryJson.parse(lines));
            }
            second += steps.get(n) / 4;
            ObservedOp op = failure("/" + steps.get(n) % 4, second, "größe \\\" \\n " + steps.get(n) % 7);
            assertThat(other.add(op, START.plusSeconds(1_000_000), 0))
                    .isEqualTo(one.add(op, START.plusSeconds(1_000_000), 0));
        }
        assertThat(other.list()).isEqualTo(one.list());
        assertThat(other.memory()).isEqualTo(one.memory());
    }

    private static void search(String endpoint, List<Integer> times, int threshold, int window, List<Found> found) {
        int from = 0;
        while (from + threshold <= times.size()) {
            if (times.get(from + threshold - 1) - times.get(from) > window) {
                from++;
                continue;
            }
            int to = from + threshold - 1;
            while (to + 1 < times.size() && times.get(to + 1) - times.get(to) <= window) {
                to++;
            }
            boolean over = to + 1 < times.size();
            found.add(new Found(endpoint, times.get(from), times.get(to), to - from + 1L, over));
            from = to + 1;
        }
    }

    private static List<String> told(Found found, int threshold) {
        List<String> told = new ArrayList<>(List.of("OPENED " + found.endpoint() + " " + threshold));
        for (long tenfold = threshold * 10L; tenfold <= found.count(); tenfold *= 10) {
            told.add("GROWN " + found.endpoint() + " " + tenfold);
        }
        if (found.over()) {
            told.add("CLOSED " + found.endpoint() + " " + found.count());
        }
        return told;
    }

    /** Each says how long after the one before (a quarter of it), where, and whether it went well. */
    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, 100).list().ofMaxSize(150);
    }
}
