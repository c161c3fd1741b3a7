package io.observer.operation;

import io.observer.operation.ClusterChange.Kind;
import io.observer.operation.ClusterMemory.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one key: the few within the window while it is quiet, their count while a cluster is open. Goes by the
 * times that failures bring; one that is more than a window older than the newest comes too late to matter.
 */
final class FailureStreak {

    static final int MAX_SAMPLES = 5;
    static final int MAX_ERROR = 200;

    private static final int NOTABLE_GROWTH = 10;

    private final ClusterKey key;
    private final int threshold;
    private final Duration window;

    private final List<Failure> quiet = new ArrayList<>();
    private final List<String> samples = new ArrayList<>();
    private Instant newest = Instant.MIN;
    private Instant first = Instant.MIN;
    private long count;
    private long notableCount;
    private boolean open;

    /** Nanoseconds of the ticker at which an open cluster closes if nothing comes; means nothing while none is. */
    private long closesAt;

    FailureStreak(ClusterKey key, int threshold, Duration window) {
        this.key = key;
        this.threshold = threshold;
        this.window = window;
    }

    /** Goes on from what another run knew. */
    static FailureStreak recalled(ClusterMemory.Kind kind, int threshold, Duration window) {
        FailureCluster cluster = kind.cluster();
        ClusterKey key = new ClusterKey(cluster.endpoint(), cluster.source(), cluster.eventKind());
        FailureStreak streak = new FailureStreak(key, threshold, window);
        streak.quiet.addAll(kind.quiet());
        streak.samples.addAll(cluster.sampleErrors());
        streak.newest = cluster.last();
        streak.first = cluster.first();
        streak.count = cluster.count();
        streak.notableCount = kind.notableCount();
        streak.open = cluster.open();
        return streak;
    }

    ClusterMemory.Kind memory() {
        return new ClusterMemory.Kind(cluster(), notableCount, List.copyOf(quiet));
    }

    ClusterKey key() {
        return key;
    }

    boolean isOpen() {
        return open;
    }

    /** When the cluster is over if nothing comes, by the times that its failures brought. */
    Instant end() {
        return newest.plus(window);
    }

    boolean isOver(long nanos) {
        return open && nanos - closesAt >= 0;
    }

    void closeAt(long nanos) {
        closesAt = nanos;
    }

    /** Takes a failure and answers what that changes: nothing, or up to two things when one cluster ends. */
    List<ClusterChange> add(Instant at, String error, long nanos) {
        if (newest != Instant.MIN && at.isBefore(newest.minus(window))) {
            return List.of();
        }
        List<ClusterChange> changes = new ArrayList<>();
        if (open && at.isAfter(end())) {
            changes.add(close());
        }
        newest = at.isAfter(newest) ? at : newest;
        ClusterChange change = open ? grow(at, error) : gather(at, error);
        closesAt = nanos + window.toNanos();
        if (change != null) {
            changes.add(change);
        }
        return changes;
    }

    ClusterChange close() {
        open = false;
        return new ClusterChange(Kind.CLOSED, cluster());
    }

    FailureCluster cluster() {
        return new FailureCluster(key.endpoint(), key.source(), key.eventKind(), count, first, newest, samples, open);
    }

    private @Nullable ClusterChange grow(Instant at, String error) {
        first = at.isBefore(first) ? at : first;
        count++;
        sample(error);
        if (count < notableCount) {
            return null;
        }
        notableCount *= NOTABLE_GROWTH;
        return new ClusterChange(Kind.GROWN, cluster());
    }

    private @Nullable ClusterChange gather(Instant at, String error) {
        quiet.removeIf(failure -> failure.at().isBefore(newest.minus(window)));
        quiet.add(new Failure(at, shortened(error)));
        if (quiet.size() < threshold) {
            return null;
        }
        open = true;
        first = quiet.stream().map(Failure::at).min(Comparator.naturalOrder()).orElse(at);
        count = quiet.size();
        notableCount = count * NOTABLE_GROWTH;
        samples.clear();
        quiet.forEach(failure -> sample(failure.error()));
        quiet.clear();
        return new ClusterChange(Kind.OPENED, cluster());
    }

    private void sample(String error) {
        String sample = shortened(error);
        if (!sample.isEmpty() && samples.size() < MAX_SAMPLES && !samples.contains(sample)) {
            samples.add(sample);
        }
    }

    private static String shortened(String error) {
        if (error.length() <= MAX_ERROR) {
            return error;
        }
        int end = Character.isHighSurrogate(error.charAt(MAX_ERROR - 2)) ? MAX_ERROR - 2 : MAX_ERROR - 1;
        return error.substring(0, end) + "…";
    }
}
