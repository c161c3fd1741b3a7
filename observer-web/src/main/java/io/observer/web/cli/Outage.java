package io.observer.web.cli;

import io.observer.event.Ticker;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The time during which the server cannot be reached: says how long to wait before each next try, longer each time
 * and never twice the same, and when trying is over. Begin and end are told to the user, the tries between are not. Safe
 * for use by several threads.
 */
final class Outage {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Longer than anything runs: for those who go on trying until {@link #endWithin} says otherwise. */
    static final Duration ENDLESS = Duration.ofDays(100 * 365L);

    private final Ticker ticker;
    private final RandomGenerator random;
    private final Consumer<String> notes;

    private Duration patience;
    private boolean on;
    private long since;
    private Duration pause = FIRST_PAUSE;

    Outage(Duration patience, Ticker ticker, RandomGenerator random, Consumer<String> notes) {
        this.patience = patience;
        this.ticker = ticker;
        this.random = random;
        this.notes = notes;
    }

    /**
     * A try has failed.
     *
     * @param hint the pause that the server asked for earlier, if it did
     * @return how long to wait before the next try
     * @throws CommandFailed if patience is over
     */
    synchronized Duration failed(ServerUnavailable failure, @Nullable Duration hint) {
        long now = ticker.nanos();
        if (!on) {
            since = now;
        }
        Duration left = patience.minusNanos(now - since);
        if (left.isZero() || left.isNegative()) {
            throw failure.given();
        }
        if (!on) {
            on = true;
            notes.accept(failure.getMessage() + "; trying again"
                    + (patience.equals(ENDLESS) ? "" : " for " + inWords(patience)));
        }
        Duration next = failure.retryAfter() != null ? failure.retryAfter() : hint;
        if (next == null) {
            next = jittered(pause);
            pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
        }
        return min(next, left);
    }

    /** From now on an outage, one that has begun included, may last so long. */
    synchronized void endWithin(Duration time) {
        patience = time;
        since = ticker.nanos();
    }

    /** The server is there again, or was never away. */
    synchronized void over() {
        if (on) {
            notes.accept("connected again");
        }
        reset();
    }

    /** Begins anew without a word: the server answers, though not with what was asked for. */
    synchronized void reset() {
        on = false;
        pause = FIRST_PAUSE;
    }

    private Duration jittered(Duration longest) {
        long nanos = longest.toNanos();
        return Duration.ofNanos(random.nextLong(nanos / 2, nanos + 1));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** A time in whole seconds if it is, else in milliseconds. */
    static String inWords(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
