package io.observer.operation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one moment.
 *
 * @param total operations in the ring
 * @param successes those of them that went well
 * @param bySource how many in the ring are of each source, in the order in which the sources came
 * @param recentScenarioOps the newest ten in the ring whose source is {@code scenario}, the oldest of them first
 * @param lifetime all operations ever recorded in this place
 */
public record StatsSnapshot(
        int total,
        int successes,
        Map<String, Integer> bySource,
        List<OperationDigest> recentScenarioOps,
        OperationTotals lifetime) {

    public StatsSnapshot {
        bySource = Collections.unmodifiableMap(new LinkedHashMap<>(bySource));
        recentScenarioOps = List.copyOf(recentScenarioOps);
    }

    /** Operations in the ring that did not go well. */
    public int failures() {
        return total - successes;
    }
}
