package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventNames;
import java.util.HashMap;
import java.util.Map;

/**
 * What retained events say of one job, so that nobody has to read them all to know it.
 *
 * @param events how many are retained
 * @param lastId id of the newest
 * @param jobEvents the newest id of each {@code job.*} event name
 */
public record JobTrace(
        String jobId,
        long events,
        double firstTimestamp,
        double lastTimestamp,
        String lastEvent,
        long lastId,
        Map<String, Long> jobEvents) {

    static JobTrace of(Event first) {
        return new JobTrace(first.jobId(), 0, first.timestamp(), first.timestamp(), first.name(), first.id(), Map.of())
                .and(first);
    }

    /** This trace with one more event; shares, and so changes, the map once there is something in it. */
    JobTrace and(Event next) {
        Map<String, Long> told = jobEvents;
        if (EventNames.isJobEvent(next.name())) {
            // Most of very many jobs have no such event, and a map takes more than all else.
            told = jobEvents.isEmpty() ? new HashMap<>() : jobEvents;
            told.put(next.name(), next.id());
        }
        return new JobTrace(jobId, events + 1, firstTimestamp, next.timestamp(), next.name(), next.id(), told);
    }

    /** This trace and one of later events of the same job. */
    JobTrace then(JobTrace later) {
        Map<String, Long> both = new HashMap<>(jobEvents);
        both.putAll(later.jobEvents);
        return new JobTrace(
                jobId, events + later.events, firstTimestamp, later.lastTimestamp, later.lastEvent, later.lastId, both);
    }
}
