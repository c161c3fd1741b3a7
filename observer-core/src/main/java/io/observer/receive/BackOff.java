package io.observer.receive;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before each next try: 1, 2, 4 … 30 s, less up to a quarter so that many do not come at once. */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private Duration next = FIRST;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long whole = next.toMillis();
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        return Duration.ofMillis(whole - random.nextLong(whole / 4 + 1));
    }

    /** It went well: the next wait is short again. */
    void reset() {
        next = FIRST;
    }
}
