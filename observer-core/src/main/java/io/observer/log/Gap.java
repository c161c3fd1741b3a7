package io.observer.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events that a reader was not given.
 *
 * @param from first id passed over, null where unknown
 * @param to last id passed over, null where unknown
 * @param dropped how many of them the reader would have wanted, null where unknown
 */
public record Gap(
        Reason reason,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable Long dropped) {

    /** Why events were passed over. */
    public enum Reason {
        /** The reader did not keep up. */
        SLOW,
        /** Retention took them. */
        EVICTED,
        /** The cursor is of another life of the log. */
        EPOCH,
        /** The cursor names no position of this log. */
        UNKNOWN;

        /** The reason as it stands on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The gap of a cursor that says nothing about this log. */
    public static Gap ofUnknownExtent(Reason reason) {
        return new Gap(reason, null, null, null);
    }
}
