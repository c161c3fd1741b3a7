package io.observer.stream;

import io.observer.event.Cursor;

/** Where a stream begins. */
public sealed interface StreamStart {

    /** With what comes next. */
    record Next() implements StreamStart {}

    /** With the oldest retained event. */
    record Earliest() implements StreamStart {}

    /** Strictly after a cursor. */
    record After(Cursor cursor) implements StreamStart {}

    /** After the id that a reader brought back from its last connection, whatever that holds. */
    record Resume(String lastEventId) implements StreamStart {}

    /** With the {@code count} newest events that match. */
    record Last(int count) implements StreamStart {}
}
