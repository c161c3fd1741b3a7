package io.observer.log;

import org.jspecify.annotations.Nullable;

/**
 * How a log does.
 *
 * @param fault why it takes no events right now, or null when it does
 * @param damagedLines lines found, on opening or reading, that do not hold an event and were passed over
 */
public record LogHealth(@Nullable String fault, long damagedLines) {

    /** Nothing to complain about. */
    public static final LogHealth GOOD = new LogHealth(null, 0);
}
