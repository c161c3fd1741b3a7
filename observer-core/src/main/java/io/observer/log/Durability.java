package io.observer.log;

import java.util.Locale;

/** What an answered append survives. */
public enum Durability {
    /** Handed to the kernel: survives the end of the process, however sudden. */
    PROCESS,
    /** The same, and flushed to the disk each second. */
    INTERVAL,
    /** Flushed to the disk before the answer; many answers share one flush. */
    ALWAYS;

    /** The name as in settings and on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
