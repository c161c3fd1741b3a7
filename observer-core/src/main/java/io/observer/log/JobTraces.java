package io.observer.log;

import io.observer.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one segment says of each of its jobs, by the number that the job has in the segment's index. One thread. */
final class JobTraces {

    /** Heap that a trace takes. */
    private static final int TRACE_BYTES = 128;

    /** Heap that the newest id of a name takes in it, its share of the map included. */
    private static final int JOB_EVENT_BYTES = 128;

    /** Null for the name that is none. */
    private final List<@Nullable JobTrace> traces = new ArrayList<>();

    private long bytes;

    /** @param job known, or the next number */
    void add(int job, Event event) {
        JobTrace known = get(job);
        if (event.jobId().isEmpty()) {
            set(job, null);
            return;
        }
        // Asked before, since the next trace may share the map.
        long before = bytesOf(known);
        JobTrace next = known == null ? JobTrace.of(event) : known.and(event);
        bytes += bytesOf(next) - before;
        set(job, next);
    }

    /** Puts back a trace that was stored; numbers in order. */
    void restore(int job, @Nullable JobTrace trace) {
        bytes += bytesOf(trace);
        set(job, trace);
    }

    @Nullable
    JobTrace get(int job) {
        return job < traces.size() ? traces.get(job) : null;
    }

    List<JobTrace> list() {
        List<JobTrace> list = new ArrayList<>();
        for (JobTrace trace : traces) {
            if (trace != null) {
                list.add(trace);
            }
        }
        return list;
    }

    boolean isEmpty() {
        return traces.isEmpty();
    }

    /** Heap that they take, about. */
    long bytes() {
        return bytes;
    }

    private void set(int job, @Nullable JobTrace trace) {
        if (job == traces.size()) {
            traces.add(trace);
        } else {
            traces.set(job, trace);
        }
    }

    private static long bytesOf(@Nullable JobTrace trace) {
        return trace == null
                ? 0
                : TRACE_BYTES + (long) JOB_EVENT_BYTES * trace.jobEvents().size();
    }
}
