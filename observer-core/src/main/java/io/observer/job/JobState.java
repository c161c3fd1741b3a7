package io.observer.job;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a job stands, by its newest {@code job.*} event. */
public enum JobState {
    /** No event has told. */
    UNKNOWN,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    private static final Map<String, JobState> TOLD_BY = Map.of(
            "job.started", RUNNING,
            "job.resuming", RUNNING,
            "job.completed", COMPLETED,
            "job.failed", FAILED,
            "job.cancelled", CANCELLED);

    /** The state that an event of this name puts its job into, if it does. */
    static Optional<JobState> toldBy(String event) {
        return Optional.ofNullable(TOLD_BY.get(event));
    }

    /** Whether the job is over until it starts again. */
    public boolean isFinished() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** The state as it stands on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
