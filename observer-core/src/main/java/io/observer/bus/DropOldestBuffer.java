package io.observer.bus;

import io.observer.event.Event;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that makes room by dropping its oldest events and remembers exactly which. Filled by one thread,
 * polled by another.
 */
final class DropOldestBuffer {

    private final int maxEvents;
    private final long maxBytes;
    private final ArrayDeque<BusSignal.Next> events = new ArrayDeque<>();
    private long bytes;
    private long skippedTo;
    private BusSignal.@Nullable Lost lost;

    DropOldestBuffer(int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    /** Takes {@code event} and returns how many older ones it displaced. The newest event always finds room. */
    synchronized int offer(Event event) {
        if (event.id() <= skippedTo) {
            return 0;
        }
        int displaced = 0;
        bytes += event.json().length;
        while (!events.isEmpty() && (events.size() >= maxEvents || bytes > maxBytes)) {
            drop(events.remove().event());
            displaced++;
        }
        events.add(new BusSignal.Next(event));
        return displaced;
    }

    /** What was lost, else the oldest event, else null. */
    synchronized @Nullable BusSignal poll() {
        if (lost != null) {
            BusSignal said = lost;
            lost = null;
            return said;
        }
        BusSignal.Next next = events.poll();
        if (next != null) {
            bytes -= next.event().json().length;
        }
        return next;
    }

    /**
     * Forgets everything up to and including {@code id}, because the subscriber has it from elsewhere; what of it is
     * offered later, too.
     *
     * @return whether nothing after {@code id} has been dropped
     */
    synchronized boolean skipTo(long id) {
        skippedTo = Math.max(skippedTo, id);
        while (!events.isEmpty() && events.element().event().id() <= id) {
            bytes -= events.remove().event().json().length;
        }
        if (lost != null && lost.to() > id) {
            return false;
        }
        lost = null;
        return true;
    }

    private void drop(Event oldest) {
        bytes -= oldest.json().length;
        lost = lost == null
                ? new BusSignal.Lost(oldest.id(), oldest.id(), 1)
                : new BusSignal.Lost(lost.from(), oldest.id(), lost.count() + 1);
    }
}
