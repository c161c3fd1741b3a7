package io.observer.log;

import io.observer.event.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Where in a log a cursor leads.
 *
 * @param after read what follows this id
 * @param gap what must be said first, or null when the cursor is good
 */
public record LogPosition(long after, @Nullable Gap gap) {

    /** The oldest retained event of {@code log}, whatever came before. */
    public static LogPosition earliest(EventLog log) {
        return new LogPosition(log.bounds().firstId() - 1, null);
    }

    /**
     * The position of {@code cursor} in {@code log}. One that names none of its positions leads to the oldest retained
     * event. One whose successors were evicted is good: {@link EventLog#read} says what is missing.
     */
    public static LogPosition of(Cursor cursor, EventLog log) {
        LogBounds bounds = log.bounds();
        if (!cursor.isOf(log.epoch())) {
            return new LogPosition(bounds.firstId() - 1, Gap.ofUnknownExtent(Gap.Reason.EPOCH));
        }
        return cursor.id() > bounds.lastId() ? unknown(log) : new LogPosition(cursor.id(), null);
    }

    /** The oldest retained event, for a cursor that cannot be read at all. */
    public static LogPosition unknown(EventLog log) {
        return new LogPosition(log.bounds().firstId() - 1, Gap.ofUnknownExtent(Gap.Reason.UNKNOWN));
    }
}
