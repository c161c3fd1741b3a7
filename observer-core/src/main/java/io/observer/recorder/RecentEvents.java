package io.observer.recorder;

import io.observer.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The newest events of one job. One thread. */
final class RecentEvents {

    private final int maxEvents;
    private LogHistory.Place older;
    private final Deque<Event> events = new ArrayDeque<>();
    private long bytes;
    private boolean filled;

    /**
     * @param maxEvents how many are kept
     * @param since id from which on the ring hears of every event; what came before is in the log
     */
    RecentEvents(int maxEvents, long since) {
        this.maxEvents = maxEvents;
        this.older = new LogHistory.Place(since, 0);
    }

    void add(Event event) {
        events.addLast(event);
        bytes += event.json().length;
        if (events.size() > maxEvents) {
            letGo();
        }
    }

    /** Whether {@link #newest} can answer with {@code limit} events, or will never know of more. */
    boolean suffices(int limit) {
        return filled || events.size() >= limit;
    }

    /** Where older events have to be looked for. */
    LogHistory.Place older() {
        Event oldest = events.peekFirst();
        return oldest == null || oldest.id() > older.through()
                ? older
                : new LogHistory.Place(oldest.id() - 1, older.count());
    }

    /** Takes over what the log was found to have from {@code place} back, as far as there is room. */
    void fill(LogHistory.Place place, LogHistory.Found found) {
        if (!place.equals(older())) {
            // What was let go of meanwhile would be missing in between.
            return;
        }
        for (Event event : found.events()) {
            if (events.size() == maxEvents) {
                older = new LogHistory.Place(event.id(), place.count());
                return;
            }
            events.addFirst(event);
            bytes += event.json().length;
        }
        older = found.end();
        filled = found.isAll();
    }

    /** The newest, newest first. */
    List<Event> newest(int limit) {
        List<Event> newest = new ArrayList<>(Math.min(limit, events.size()));
        for (Iterator<Event> down = events.descendingIterator(); down.hasNext() && newest.size() < limit; ) {
            newest.add(down.next());
        }
        return newest;
    }

    long bytes() {
        return bytes;
    }

    /** Lets go of the older half, which is in the log still, but never of the newest event. */
    void shed() {
        for (int drop = events.size() / 2; drop > 0; drop--) {
            letGo();
        }
    }

    private void letGo() {
        Event oldest = events.removeFirst();
        bytes -= oldest.json().length;
        older = new LogHistory.Place(oldest.id(), 0);
        filled = false;
    }
}
