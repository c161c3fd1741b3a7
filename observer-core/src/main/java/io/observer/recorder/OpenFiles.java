package io.observer.recorder;

import java.util.concurrent.atomic.AtomicInteger;

/** How many timelines are open at the moment, and how many may stay so. Any thread. */
final class OpenFiles {

    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    OpenFiles(int max) {
        this.max = max;
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    int count() {
        return open.get();
    }

    /** Whether the one who asks has to close what he opened. */
    boolean areTooMany() {
        return open.get() > max;
    }
}
