package io.observer.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds failures that share endpoint, source and event kind and are close together. They go by the times that operations
 * bring, so that a batch from yesterday shows yesterday's clusters; no operation happens later than it arrives. What
 * comes to an end because nothing arrives goes by the monotonic clock. Time is always passed in. Safe for any number of
 * threads.
 */
final class FailureClusters {

    /** Keys that are followed; beyond, the one that was quiet longest is given up. */
    static final int MAX_KEYS = 1_000;

    /** Closed clusters that are still shown. */
    static final int MAX_CLOSED = 100;

    private final int threshold;
    private final Duration window;
    private final Map<ClusterKey, FailureStreak> streaks = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<FailureCluster> closed = new ArrayDeque<>();

    /**
     * @param threshold how many failures make a cluster
     * @param window how close together they are, from the first of them to the last; a cluster closes after as long
     *     without one
     */
    FailureClusters(int threshold, Duration window) {
        this.threshold = threshold;
        this.window = window;
    }

    /**
     * Takes the next operation.
     *
     * @param now the wall clock
     * @param nanos the ticker
     * @return what that changes, in order
     */
    synchronized List<ClusterChange> add(ObservedOp op, Instant now, long nanos) {
        if (op.success()) {
            return List.of();
        }
        Instant at = op.at().isAfter(now) ? now : op.at();
        FailureStreak streak =
                streaks.computeIfAbsent(ClusterKey.of(op), key -> new FailureStreak(key, threshold, window));
        List<ClusterChange> changes = new ArrayList<>(streak.add(at, op.error(), nanos));
        if (streaks.size() > MAX_KEYS) {
            FailureStreak quietest = streaks.remove(streaks.keySet().iterator().next());
            if (quietest != null && quietest.isOpen()) {
                changes.add(quietest.close());
            }
        }
        return keepClosed(changes);
    }

    /** Closes what has been without a failure for a window. */
    synchronized List<ClusterChange> expire(long nanos) {
        List<ClusterChange> changes = new ArrayList<>();
        streaks.values().stream().filter(streak -> streak.isOver(nanos)).forEach(streak -> changes.add(streak.close()));
        return keepClosed(changes);
    }

    /** All that another run needs to go on from here. */
    synchronized ClusterMemory memory() {
        return new ClusterMemory(
                streaks.values().stream().map(FailureStreak::memory).toList(), List.copyOf(closed));
    }

    /** Begins with what an earlier run knew; the operations that it took later are to be added, then {@link #resume}. */
    synchronized void recall(ClusterMemory memory) {
        for (ClusterMemory.Kind kind : memory.kinds()) {
            FailureStreak streak = FailureStreak.recalled(kind, threshold, window);
            streaks.put(streak.key(), streak);
        }
        closed.addAll(memory.closed());
    }

    /**
     * Goes on after the operations of an earlier run have been added.
     *
     * @return what has closed meanwhile; the earlier run may have told so, but nobody knows that
     */
    synchronized List<ClusterChange> resume(Instant now, long nanos) {
        List<ClusterChange> changes = new ArrayList<>();
        for (FailureStreak streak : streaks.values()) {
            if (streak.isOpen() && streak.end().isAfter(now)) {
                streak.closeAt(nanos + Duration.between(now, streak.end()).toNanos());
            } else if (streak.isOpen()) {
                changes.add(streak.close());
            }
        }
        return keepClosed(changes);
    }

    /** The open ones, then those closed lately; of both the newest first. */
    synchronized List<FailureCluster> list() {
        List<FailureCluster> clusters = new ArrayList<>();
        streaks.values().stream()
                .filter(FailureStreak::isOpen)
                .map(FailureStreak::cluster)
                .sorted(Comparator.comparing(FailureCluster::last).reversed())
                .forEach(clusters::add);
        closed.descendingIterator().forEachRemaining(clusters::add);
        return clusters;
    }

    private List<ClusterChange> keepClosed(List<ClusterChange> changes) {
        for (ClusterChange change : changes) {
            if (change.kind() == ClusterChange.Kind.CLOSED) {
                closed.addLast(change.cluster());
                if (closed.size() > MAX_CLOSED) {
                    closed.removeFirst();
                }
            }
        }
        return changes;
    }
}
