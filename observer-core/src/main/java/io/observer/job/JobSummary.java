package io.observer.job;

import io.observer.event.Event;
import io.observer.log.JobTrace;
import java.util.Map;
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

    static JobSummary of(JobTrace trace) {
        JobState state = JobState.UNKNOWN;
        long stateId = 0;
        for (Map.Entry<String, Long> event : trace.jobEvents().entrySet()) {
            Optional<JobState> told = JobState.toldBy(event.getKey());
            if (told.isPresent() && event.getValue() > stateId) {
                state = told.get();
                stateId = event.getValue();
            }
        }
        return new JobSummary(
                trace.jobId(),
                state,
                trace.events(),
                trace.firstTimestamp(),
                trace.lastTimestamp(),
                trace.lastEvent(),
                trace.lastId(),
                stateId);
    }

    /** With one more event, unless it is counted already: a log may tell of its jobs a moment later than it begins. */
    JobSummary through(Event next) {
        return next.id() > lastId ? and(next) : this;
    }

    private JobSummary and(Event next) {
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
