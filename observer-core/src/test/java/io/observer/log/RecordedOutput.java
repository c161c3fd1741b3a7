package io.observer.log;

import io.observer.event.Event;
import java.util.ArrayList;
import java.util.List;

/** Remembers what a log handed out. */
public final class RecordedOutput implements EventOutput {

    private final List<Event> events = new ArrayList<>();

    @Override
    public synchronized void accept(List<Event> stored) {
        events.addAll(stored);
    }

    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    public List<Long> ids() {
        return events().stream().map(Event::id).toList();
    }

    public synchronized boolean hasSeen(long id) {
        return events.stream().anyMatch(event -> event.id() == id);
    }
}
