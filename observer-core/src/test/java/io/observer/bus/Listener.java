package io.observer.bus;

import io.observer.event.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A subscription that is polled when a test says so, and counts how often it was woken. */
final class Listener {

    private final AtomicInteger wakes = new AtomicInteger();
    final BusSubscription subscription;

    Listener(EventBus bus, EventFilter filter) {
        this.subscription = bus.open(filter, wakes::incrementAndGet);
    }

    int wakes() {
        return wakes.get();
    }

    /** All that waits: ids, and losses such as {@code lost 1..7 (7)}. */
    List<String> heard() {
        List<String> heard = new ArrayList<>();
        for (BusSignal signal = subscription.poll(); signal != null; signal = subscription.poll()) {
            heard.add(DropOldestBufferTest.show(signal));
        }
        return heard;
    }
}
