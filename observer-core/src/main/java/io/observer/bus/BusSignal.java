package io.observer.bus;

import io.observer.event.Event;

/** What a subscriber finds in its buffer. */
public sealed interface BusSignal {

    /** The next event. */
    record Next(Event event) implements BusSignal {}

    /**
     * Events that the subscriber wanted and that its buffer dropped, before the next one.
     *
     * @param from id of the first
     * @param to id of the last
     * @param count how many
     */
    record Lost(long from, long to, long count) implements BusSignal {}
}
