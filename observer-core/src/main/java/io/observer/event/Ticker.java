package io.observer.event;

/** A monotonic clock for ages and waits, which a step of the wall clock does not touch. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary moment; only differences mean something. */
    long nanos();

    /** The machine's own. */
    static Ticker system() {
        return System::nanoTime;
    }
}
