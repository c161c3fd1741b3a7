package io.observer.bus;

import org.jspecify.annotations.Nullable;

/**
 * A source that is asked for its next item and says when asking is worth it. Polled by one thread at a time.
 *
 * @param <T> what it yields
 */
public interface Pullable<T> extends AutoCloseable {

    /** The next item, or null when there is none now. */
    @Nullable
    T poll();

    /** Whether {@link #poll} will never yield again. */
    boolean isDone();

    /** Lets go of everything; any thread, any number of times. */
    @Override
    void close();
}
