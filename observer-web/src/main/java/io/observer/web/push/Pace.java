package io.observer.web.push;

/**
 * When the next pass of a loop may begin. Passes that come one after another are kept apart by what they cost, up to the
 * linger, so that they take a part of the loop's time only and what arrives between two of them leaves in one write; one
 * that comes early after a quiet time does not wait. All times are nanoseconds of one ticker.
 */
final class Pace {

    /** Times its cost that a pass may take until the next: a fifth of the loop's time goes to passes at most. */
    private static final int COSTS_APART = 4;

    /** The last pass is one part in so many of the mean cost. */
    private static final int SHARE = 4;

    private final long linger;
    private long due;
    private long began;
    private long meanCost;

    Pace(long lingerNanos, long now) {
        this.linger = lingerNanos;
        this.due = now;
    }

    /** How long the next pass has to wait, nothing or less when it may begin. */
    long untilDue(long now) {
        return due - apart() - now;
    }

    void began(long now) {
        began = now;
        due = Math.max(due, now) + apart();
    }

    void ended(long now) {
        meanCost += (now - began - meanCost) / SHARE;
    }

    private long apart() {
        return Math.min(linger, COSTS_APART * meanCost);
    }
}
