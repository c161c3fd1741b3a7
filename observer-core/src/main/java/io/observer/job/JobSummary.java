package io.observer.job;

import io.observer.event.Event;
import java.util.Optional;

/**
 * One job as its events tell it.
 *
 * @param events how many were seen, evicted ones included
 * @param firstTimestamp timestamp of the first event seen
 * @param lastTimestamp timestamp of the newest
 * @param lastEvent name of the newest
 * @param lastId id of the newest
 * @param stateId id of the event that set the state, 0 when none did
 */
public record JobSummary(
        String jobId,
        JobState state,
        long events,
        double firstTimestamp,
        double lastTimestamp,
        String lastEvent,
        long lastId,
        long stateId) {

    static JobSummary of(Event first) {
        return new JobSummary(
                        first.jobId(), JobState.UNKNOWN, 0, first.timestamp(), first.timestamp(), first.name(), 0, 0)
                .and(first);
    }

    JobSummary and(Event next) {
        Optional<JobState> told = JobState.toldBy(next.name());
        return new JobSummary(
                jobId,
                told.orElse(state),
                events + 1,
                firstTimestamp,
                next.timestamp(),
                next.name(),
                next.id(),
                told.isPresent() ? next.id() : stateId);
    }
}
