package io.observer.recorder;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.TestEvents;

/** Events of a job as its observer sends them. */
final class Samples {

    static final String JOB = TestEvents.BUILD;

    /** A moment in seconds since 1970. */
    static final double T = 1_732_152_419.1;

    private Samples() {}

    static EventDraft file(String job, String kind, String path, double timestamp) {
        return TestEvents.draft(
                """
                {"job_id":"%s","event":"observer.file_%s","data":{"path":"%s"},"timestamp":%s}""".formatted(job, kind, path, new java.math.BigDecimal(String.valueOf(timestamp)).toPlainString()));
    }

    static EventDraft modified(String path, double timestamp) {
        return file(JOB, "modified", path, timestamp);
    }

    static EventDraft process(String job, int pid) {
        return TestEvents.draft("""
                {"job_id":"%s","event":"observer.process_spawned","data":{"pid":%d,"name":"javac"}}""".formatted(job, pid));
    }

    static Event modified(long id, String path, double timestamp) {
        return modified(path, timestamp).at(id);
    }
}
