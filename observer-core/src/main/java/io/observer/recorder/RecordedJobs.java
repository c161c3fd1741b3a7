package io.observer.recorder;

import io.observer.event.Event;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All registered jobs, and what they hold in memory together. When that is too much, the job that holds most lets go of
 * half. For the recorder's thread, but for {@link #all}.
 */
final class RecordedJobs {

    /** A workspace that has more than this to write is waited for, and when memory is short one that has a little. */
    private static final long WAITED_FOR_BYTES = 4L << 20;

    private static final long WAITED_FOR_WHEN_SHORT_BYTES = 256 << 10;

    private final long maxRingBytes;
    private final long maxPendingBytes;
    private final Map<String, RecordedJob> jobs = new ConcurrentHashMap<>();
    private final Set<JobTimeline> touched = new HashSet<>();
    private final Set<JobTimeline> crowded = new HashSet<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private long ringBytes;

    /**
     * @param maxRingBytes what all rings together may hold
     * @param maxPendingBytes what may wait for all timelines together
     */
    RecordedJobs(long maxRingBytes, long maxPendingBytes) {
        this.maxRingBytes = maxRingBytes;
        this.maxPendingBytes = maxPendingBytes;
    }

    @Nullable
    RecordedJob find(String jobId) {
        return jobs.get(jobId);
    }

    /** Any thread. */
    Collection<RecordedJob> all() {
        return jobs.values();
    }

    void add(RecordedJob job) {
        jobs.put(job.jobId(), job);
    }

    void remove(RecordedJob job) {
        jobs.remove(job.jobId());
        ringBytes -= job.recent().bytes();
    }

    /** Counts the bytes that wait for all timelines together. */
    AtomicLong pendingBytes() {
        return pendingBytes;
    }

    void remember(RecordedJob job, Event event) {
        changeRing(job, () -> job.recent().add(event));
        if (ringBytes > maxRingBytes) {
            jobs.values().stream()
                    .max(Comparator.comparingLong(each -> each.recent().bytes()))
                    .ifPresent(largest -> changeRing(largest, largest.recent()::shed));
        }
    }

    /** Adds what the log has of the time before the ring, if there is room. */
    void fill(RecordedJob job, LogHistory.Place place, LogHistory.Found older) {
        long bytes =
                older.events().stream().mapToLong(event -> event.json().length).sum();
        if (ringBytes + bytes <= maxRingBytes) {
            changeRing(job, () -> job.recent().fill(place, older));
        }
    }

    /** What all rings together hold. */
    long ringBytes() {
        return ringBytes;
    }

    /** Adds a line to the timeline of a job, if it has one. */
    void write(String jobId, byte[] line) {
        RecordedJob job = jobs.get(jobId);
        JobTimeline timeline = job == null ? null : job.timeline();
        if (timeline != null) {
            if (timeline.add(line) > waitedForBytes()) {
                crowded.add(timeline);
            }
            touched.add(timeline);
        }
    }

    /** Whether a workspace that is well has so much to write that the next events should wait. */
    boolean mustWait() {
        if (crowded.isEmpty()) {
            return false;
        }
        crowded.removeIf(timeline -> !timeline.holdsUp(waitedForBytes()));
        return !crowded.isEmpty();
    }

    /** Has written what was added. */
    void wake() {
        touched.forEach(JobTimeline::wake);
        touched.clear();
        if (pendingBytes.get() > maxPendingBytes) {
            jobs.values().stream()
                    .map(RecordedJob::timeline)
                    .filter(timeline -> timeline != null)
                    .max(Comparator.comparingLong(JobTimeline::pendingBytes))
                    .ifPresent(JobTimeline::shed);
        }
    }

    private long waitedForBytes() {
        return pendingBytes.get() > maxPendingBytes / 2 ? WAITED_FOR_WHEN_SHORT_BYTES : WAITED_FOR_BYTES;
    }

    private void changeRing(RecordedJob job, Runnable change) {
        long before = job.recent().bytes();
        change.run();
        // A job that was removed meanwhile is counted no longer.
        if (jobs.get(job.jobId()) == job) {
            ringBytes += job.recent().bytes() - before;
        }
    }
}
