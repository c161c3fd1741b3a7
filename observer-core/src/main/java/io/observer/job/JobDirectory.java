package io.observer.job;

import io.observer.event.Event;
import io.observer.log.EventOutput;
import io.observer.log.JobTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The jobs that have been heard of. Bounded: beyond its size the job that was silent for longest is forgotten. One
 * thread feeds it, any number ask.
 */
public final class JobDirectory implements EventOutput {

    private final int maxJobs;
    private final Map<String, JobSummary> jobs = new ConcurrentHashMap<>();

    /** @param maxJobs most jobs remembered */
    public JobDirectory(int maxJobs) {
        this.maxJobs = maxJobs;
    }

    @Override
    public void accept(List<Event> stored) {
        for (Event event : stored) {
            if (!event.jobId().isEmpty()) {
                jobs.merge(event.jobId(), JobSummary.of(event), (known, first) -> known.through(event));
            }
        }
        if (jobs.size() > maxJobs) {
            forgetSilent();
        }
    }

    /**
     * Takes over what a log found when it was opened; before the first {@link #accept}. Events that come then and are
     * counted here already are passed over.
     */
    public void restore(List<JobTrace> found) {
        found.forEach(trace -> jobs.put(trace.jobId(), JobSummary.of(trace)));
        if (jobs.size() > maxJobs) {
            forgetSilent();
        }
    }

    /** Forgets all jobs but those that a log has found anew; between two {@link #accept}. */
    public void replace(List<JobTrace> found) {
        jobs.keySet().retainAll(found.stream().map(JobTrace::jobId).collect(Collectors.toSet()));
        restore(found);
    }

    /** The job of this name, if it was ever heard of and is not forgotten. */
    public Optional<JobSummary> find(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    /** All jobs, the most recently active first. */
    public List<JobSummary> list() {
        List<JobSummary> list = new ArrayList<>(jobs.values());
        list.sort(Comparator.comparingLong(JobSummary::lastId).reversed());
        return list;
    }

    /** Forgets a tenth at a time, so that a flood of job names costs a sort now and then, not with each event. */
    private void forgetSilent() {
        List<JobSummary> list = list();
        int kept = maxJobs - maxJobs / 10;
        list.subList(kept, list.size()).forEach(job -> jobs.remove(job.jobId()));
    }
}
