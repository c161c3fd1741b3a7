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
    private long since;
    private final Deque<Event> events = new ArrayDeque<>();
    private long bytes;
    private boolean filled;

    /**
     * @param maxEvents how many are kept
     * @param since id from which on the ring hears of every event; what came before is in the log
     */
    RecentEvents(int maxEvents, long since) {
        this.maxEvents = maxEvents;
        this.since = since;
    }

    void add(Event event) {
        events.addLast(event);
        bytes += event.json().length;
        if (events.size() > maxEvents) {
            removeOldest();
        }
    }

    /** Whether {@link #newest} can answer with {@code limit} events, or will never know of more. */
    boolean suffices(int limit) {
        return filled || events.size() >= limit;
    }

    /** The position that older events have to be looked for before. */
    long since() {
        return since;
    }

    /** Takes over what the log has of the time up to {@link #since}, newest first. */
    void fill(List<Event> older) {
        for (Event event : before(older)) {
            if (!filled && events.size() < maxEvents) {
                events.addFirst(event);
                bytes += event.json().length;
            }
        }
        filled = true;
    }

    /** The newest, newest first; those of {@code older} come behind. */
    List<Event> newest(int limit, List<Event> older) {
        List<Event> newest = newest(limit);
        before(older).stream().limit((long) limit - newest.size()).forEach(newest::add);
        return newest;
    }

    private List<Event> before(List<Event> older) {
        Event oldest = events.peekFirst();
        return oldest == null
                ? older
                : older.stream().filter(event -> event.id() < oldest.id()).toList();
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
            since = removeOldest().id();
            filled = false;
        }
    }

    private Event removeOldest() {
        Event oldest = events.removeFirst();
        bytes -= oldest.json().length;
        return oldest;
    }
}
