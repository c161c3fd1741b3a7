package io.observer.log;

import io.observer.event.Event;
import java.util.List;

/** Where a log hands what it has stored: in order, each batch once, from one thread at a time. Must not block. */
@FunctionalInterface
public interface EventOutput {

    /** Takes the next events. A failure is logged and harms neither the log nor the publisher. */
    void accept(List<Event> stored);
}
