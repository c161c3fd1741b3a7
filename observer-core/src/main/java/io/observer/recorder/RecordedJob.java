package io.observer.recorder;

import org.jspecify.annotations.Nullable;

/** A registered job: the ring of its newest events and, if it has a workspace, its timeline. */
final class RecordedJob {

    private final String jobId;
    private final RecentEvents recent;
    private volatile @Nullable JobTimeline timeline;
    private volatile @Nullable String obstacle;

    RecordedJob(String jobId, RecentEvents recent) {
        this.jobId = jobId;
        this.recent = recent;
    }

    String jobId() {
        return jobId;
    }

    /** For the recorder's thread only. */
    RecentEvents recent() {
        return recent;
    }

    @Nullable
    JobTimeline timeline() {
        return timeline;
    }

    void writeTo(JobTimeline given) {
        timeline = given;
    }

    /** There should be a timeline and will be none. */
    void cannotWrite(String reason) {
        obstacle = reason;
    }

    /** Why the timeline cannot be written; null if it can, or if there is to be none. */
    @Nullable
    String fault() {
        JobTimeline present = timeline;
        return present == null ? obstacle : present.fault();
    }
}
