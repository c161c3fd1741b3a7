package io.observer.web.cli;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs as lines of a table.
 *
 * <pre>
 * JOB      STATE      EVENTS  AGE  LAST EVENT
 * build-7  running       412   3s  observer.file_modified
 * </pre>
 */
final class JobsTable {

    private static final List<String> HEAD = List.of("JOB", "STATE", "EVENTS", "AGE", "LAST EVENT");
    private static final int EVENTS = 2;
    private static final int AGE = 3;

    private JobsTable() {}

    /** The lines for jobs given as their JSON. */
    static List<String> of(List<String> jobs, Clock clock) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        jobs.forEach(job -> rows.add(row(Json.object(job), clock.millis() / 1000.0)));
        return rows.stream().map(row -> line(row, rows)).toList();
    }

    private static List<String> row(JsonObject job, double now) {
        String events = job.json("events");
        return List.of(
                Printable.escape(job.text("job_id")),
                Printable.escape(job.text("state")),
                events == null ? "" : Printable.escape(events),
                age(now - job.number("last_timestamp", now)),
                Printable.escape(job.text("last_event")));
    }

    private static String line(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String padding = " ".repeat(width(rows, column) - row.get(column).length());
            boolean number = column == EVENTS || column == AGE;
            line.append(number ? padding + row.get(column) : row.get(column) + padding)
                    .append("  ");
        }
        return line.toString().stripTrailing();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
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
