package io.observer.log;

/**
 * Where a page ends at the latest, though more events follow.
 *
 * @param events most events in it; 0 only asks what is there
 * @param bytes once its events' JSON comes to this much, no further one is added
 */
public record PageLimit(int events, long bytes) {

    /** What a page may come to that somebody asked for by number: 8 MiB. */
    private static final long MAX_BYTES = 8L << 20;

    /** A page of up to {@code events} events that is bounded in bytes as well. */
    public static PageLimit of(int events) {
        return new PageLimit(events, MAX_BYTES);
    }

    /** Whether a page of this many events and bytes takes no more. */
    public boolean isReached(int foundEvents, long foundBytes) {
        return foundEvents >= events || foundBytes >= bytes;
    }
}
