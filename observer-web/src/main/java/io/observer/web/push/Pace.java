package io.observer.web.push;

/**
 * When the next pass of a loop may begin. A pass uses up a time that grows with what it cost, up to the linger; while
 * passes come faster than that they are kept apart, and what arrives between two of them leaves in one write. A pass that
 * comes early after a quiet time does not wait. All times are nanoseconds of one ticker.
 */
final class Pace {

    /** Times its cost that a pass uses up: of a busy loop's time passes take a ninth, or more if they must. */
    private static final int COSTS = 8;

    private final long linger;
    private long usedUntil;

    Pace(long linger, long now) {
        this.linger = linger;
        this.usedUntil = now;
    }

    /** How long the next pass has to wait; nothing or less when it may begin. */
    long untilDue(long now) {
        return usedUntil - linger - now;
    }

    /** A pass that began then has ended now. */
    void passed(long began, long now) {
        usedUntil = Math.max(usedUntil, began) + Math.min(linger, COSTS * (now - began));
    }
}
