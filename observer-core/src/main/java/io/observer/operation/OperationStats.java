package io.observer.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts operations: those in the ring of the newest, and all that there ever were. Every figure is kept up to date as
 * they come, so asking costs nothing that grows. Safe for any number of threads.
 */
final class OperationStats {

    private static final int RECENT = 10;
    private static final String SCENARIO = "scenario";

    private final int size;
    private final Deque<OperationDigest> ring = new ArrayDeque<>();
    private final Deque<OperationDigest> scenarios = new ArrayDeque<>();
    private final Map<String, Integer> bySource = new LinkedHashMap<>();
    private final OperationTotals.Counter lifetime;
    private int successes;

    /**
     * @param size how many operations the ring holds
     * @param before all that there were before the first that is added
     */
    OperationStats(int size, OperationTotals before) {
        this.size = size;
        this.lifetime = new OperationTotals.Counter(before);
    }

    /** Takes the next operation. */
    synchronized void add(ObservedOp op) {
        remember(OperationDigest.of(op));
        lifetime.count(op);
    }

    /** Takes the next operation into the ring; the totals that this began with have it already. */
    synchronized void addCounted(ObservedOp op) {
        remember(OperationDigest.of(op));
    }

    synchronized OperationTotals lifetime() {
        return lifetime.totals();
    }

    synchronized StatsSnapshot snapshot() {
        return new StatsSnapshot(ring.size(), successes, bySource, recentScenarios(), lifetime.totals());
    }

    private void remember(OperationDigest op) {
        if (ring.size() == size) {
            forget(ring.removeFirst());
        }
        ring.addLast(op);
        bySource.merge(op.source(), 1, Integer::sum);
        successes += op.success() ? 1 : 0;
        if (op.source().equals(SCENARIO)) {
            scenarios.addLast(op);
        }
    }

    private void forget(OperationDigest oldest) {
        bySource.computeIfPresent(oldest.source(), (source, count) -> count == 1 ? null : count - 1);
        successes -= oldest.success() ? 1 : 0;
        if (oldest.source().equals(SCENARIO)) {
            scenarios.removeFirst();
        }
    }

    private List<OperationDigest> recentScenarios() {
        return scenarios.stream().skip(Math.max(0, scenarios.size() - RECENT)).toList();
    }
}
