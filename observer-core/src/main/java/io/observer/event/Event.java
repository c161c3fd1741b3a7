package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One event at its place in the log. Immutable; safe to share between threads.
 *
 * @param id position in the log, at least 1
 * @param jobId job name, {@code ""} when the event concerns no single job
 * @param sheetNum step of the job, 0 for the job as a whole
 * @param name dotted event name
 * @param timestamp seconds since the Unix epoch as the publisher gave them; never used for order or age
 * @param json the whole event as one line of compact JSON in UTF-8, made once at ingest; shared, so it must not be
 *     modified
 */
public record Event(long id, String jobId, int sheetNum, String name, double timestamp, byte[] json) {

    /** The JSON as text. */
    public String jsonText() {
        return new String(json, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Event that && id == that.id && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return jsonText();
    }
}
