package io.observer.web.cli;

import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * Jobs as lines of a table.
 *
 * <pre>
 * JOB      STATE      EVENTS  AGE  LAST EVENT
 * build-7  running       412   3s  observer.file_modified
 * </pre>
 */
final class JobsTable {

    private static final int EVENTS = 2;
    private static final int AGE = 3;

    private JobsTable() {}

    /** The lines for jobs given as their JSON. */
    static List<String> of(List<String> jobs, Clock clock) {
        TextTable table = new TextTable(Set.of(EVENTS, AGE), "JOB", "STATE", "EVENTS", "AGE", "LAST EVENT");
        jobs.forEach(job -> addRow(table, Json.object(job), clock.millis() / 1000.0));
        return table.lines();
    }

    private static void addRow(TextTable table, JsonObject job, double now) {
        String events = job.json("events");
        table.row(
                job.text("job_id"),
                job.text("state"),
                events == null ? "" : events,
                age(now - job.number("last_timestamp", now)),
                job.text("last_event"));
    }

    /** The largest unit that fits; a time that has not come yet is now. */
    private static String age(double seconds) {
        long age = (long) Math.max(0, seconds);
        if (age < 60) {
            return age + "s";
        }
        if (age < 3600) {
            return age / 60 + "m";
        }
        return age < 86_400 ? age / 3600 + "h" : age / 86_400 + "d";
    }
}
