package io.observer.stream;

import io.observer.log.Gap;
import org.jspecify.annotations.Nullable;

/**
 * The log goes on otherwise than it was told.
 *
 * @param position up to where it still is
 * @param gap what has to be said first; null when reading tells
 */
record Rewind(long position, @Nullable Gap gap) {

    Rewind and(Rewind later) {
        return new Rewind(Math.min(position, later.position), later.gap == null ? gap : later.gap);
    }
}
