package io.observer.operation;

import java.time.Instant;
import java.util.List;

/**
 * All that {@link FailureClusters} know at one moment, so that another run can go on from there.
 *
 * @param kinds the kinds of failure that are followed, the one that was quiet longest first
 * @param closed the clusters that closed lately, oldest first
 */
record ClusterMemory(List<Kind> kinds, List<FailureCluster> closed) {

    static final ClusterMemory NONE = new ClusterMemory(List.of(), List.of());

    /**
     * Failures of one kind.
     *
     * @param cluster the open one; if none is, then only its key and when the newest failure happened mean something
     * @param notableCount the count that is told next
     * @param quiet failures of the window that make no cluster yet, in the order in which they came
     */
    record Kind(FailureCluster cluster, long notableCount, List<Failure> quiet) {}

    /** @param error what it said, shortened */
    record Failure(Instant at, String error) {}
}
