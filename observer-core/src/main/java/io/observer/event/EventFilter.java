package io.observer.event;

import java.util.List;
import java.util.Set;

/**
 * Which events a reader wants: those of any of {@code jobs} whose name matches any of {@code names}; an empty
 * collection restricts nothing.
 */
public record EventFilter(Set<String> jobs, List<NameGlob> names) {

    private static final EventFilter ALL = new EventFilter(Set.of(), List.of());

    public EventFilter {
        jobs = Set.copyOf(jobs);
        names = List.copyOf(names);
    }

    /** The filter that passes every event. */
    public static EventFilter all() {
        return ALL;
    }

    /** The filter that passes every event of one job. */
    public static EventFilter job(String jobId) {
        return new EventFilter(Set.of(jobId), List.of());
    }

    /** Whether no event is ever refused. */
    public boolean passesAll() {
        return jobs.isEmpty() && names.isEmpty();
    }

    /** Whether {@code event} is wanted. */
    public boolean matches(Event event) {
        return (jobs.isEmpty() || jobs.contains(event.jobId())) && matchesName(event.name());
    }

    /** Whether the globs of this filter pass an event of this name. */
    public boolean matchesName(String name) {
        if (names.isEmpty()) {
            return true;
        }
        for (NameGlob glob : names) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
