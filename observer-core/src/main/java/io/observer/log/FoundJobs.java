package io.observer.log;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs of a log that is being opened, its oldest segment first. Bounded as those of a server that runs: a job that was
 * silent for longest is forgotten, and counted anew should it come again.
 */
final class FoundJobs {

    private final int maxJobs;
    private final Map<String, JobTrace> jobs = new HashMap<>();

    /** @param maxJobs most jobs that are told in the end */
    FoundJobs(int maxJobs) {
        this.maxJobs = maxJobs;
    }

    /** Takes in what the next segment says of a job. */
    void add(JobTrace trace) {
        jobs.merge(trace.jobId(), trace, JobTrace::then);
        // Half of them at a time, so that many names cost a sort now and then.
        if (jobs.size() >= 2L * maxJobs) {
            List<JobTrace> kept = newest();
            jobs.clear();
            kept.forEach(job -> jobs.put(job.jobId(), job));
        }
    }

    /** Those that were active last, the last of them first. */
    List<JobTrace> newest() {
        return jobs.values().stream()
                .sorted(Comparator.comparingLong(JobTrace::lastId).reversed())
                .limit(maxJobs)
                .toList();
    }
}
