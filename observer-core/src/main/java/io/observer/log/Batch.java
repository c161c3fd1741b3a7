package io.observer.log;

import io.observer.event.Event;
import java.util.BitSet;
import java.util.List;

/**
 * Events that are stored in one step.
 *
 * @param events in the order of their ids
 * @param unfinished which of them are followed by another of the same append, so that they only count together
 */
record Batch(List<Event> events, BitSet unfinished) {

    /** Events that count each by itself. */
    static Batch ofSingles(List<Event> events) {
        return new Batch(events, new BitSet());
    }

    long lastId() {
        return events.get(events.size() - 1).id();
    }

    /** What the event at {@code index} takes as a line: JSON, the mark of an unfinished append, line break. */
    int lineBytes(int index) {
        return events.get(index).json().length + (unfinished.get(index) ? 2 : 1);
    }
}
