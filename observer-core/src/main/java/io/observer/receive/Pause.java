package io.observer.receive;

import java.time.Duration;

/** How the receiver waits before it tries again. */
@FunctionalInterface
interface Pause {

    void last(Duration time) throws InterruptedException;
}
