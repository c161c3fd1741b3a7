package io.observer.web.sse;

import io.observer.event.Event;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the events that were asked for last, so that one event is encoded once and not for each of its readers.
 * Bounded: 1,024 frames of at most 16 KiB. Any number of threads.
 */
final class FrameCache {

    private static final int SLOTS = 1024;
    private static final int MAX_FRAME_BYTES = 16 * 1024;

    private record Entry(Event event, byte[] frame) {}

    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);
    private final Function<Event, byte[]> encoding;

    FrameCache(Function<Event, byte[]> encoding) {
        this.encoding = encoding;
    }

    /** The frame of {@code event}; shared, so it must not be modified. */
    @SuppressWarnings("ReferenceEquality") // The very object: an equal one costs an encoding and nothing else.
    byte[] of(Event event) {
        int slot = (int) (event.id() & (SLOTS - 1));
        Entry entry = slots.get(slot);
        if (entry != null && entry.event() == event) {
            return entry.frame();
        }
        byte[] frame = encoding.apply(event);
        if (frame.length <= MAX_FRAME_BYTES) {
            slots.set(slot, new Entry(event, frame));
        }
        return frame;
    }
}
