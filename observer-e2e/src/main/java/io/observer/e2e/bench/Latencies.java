package io.observer.e2e.bench;

/**
 * How often each time was seen, exact to 10 µs up to ten seconds; whatever took longer counts as the longest.
 * Memory does not grow with the number of deliveries.
 */
final class Latencies {

    private static final long STEP_NANOS = 10_000;
    private static final int STEPS = 1_000_000;

    private final int[] counts = new int[STEPS + 1];
    private long total;
    private long max;

    void add(long nanos) {
        counts[(int) Math.min(Math.max(nanos, 0) / STEP_NANOS, STEPS)]++;
        total++;
        max = Math.max(max, nanos);
    }

    long total() {
        return total;
    }

    long max() {
        return max;
    }

    /** The time within which {@code percent} of all were done, rounded up to the next step; 0 when there are none. */
    long percentile(int percent) {
        long rank = (total * percent + 99) / 100;
        long seen = 0;
        for (int i = 0; i < STEPS; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return Math.min((i + 1) * STEP_NANOS, max);
            }
        }
        return max;
    }
}
