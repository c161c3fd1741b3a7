package io.observer.operation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many operations there were. Counts are kept for {@value #MAX_SOURCES} sources at most; what comes from any further
 * one is counted under {@value #OTHER}.
 *
 * @param bySource by name, in the order in which they were first seen
 */
public record OperationTotals(long successes, long failures, Map<String, Long> bySource) {

    /** Most sources that have a count of their own. */
    public static final int MAX_SOURCES = 256;

    /** Whom the others are counted under. */
    public static final String OTHER = "other";

    static final OperationTotals NONE = new OperationTotals(0, 0, Map.of());

    public OperationTotals {
        bySource = Collections.unmodifiableMap(new LinkedHashMap<>(bySource));
    }

    /** All of them. */
    public long total() {
        return successes + failures;
    }

    /** Counts on from some totals. One thread at a time. */
    static final class Counter {

        private final Map<String, Long> bySource;
        private long successes;
        private long failures;

        Counter(OperationTotals from) {
            successes = from.successes();
            failures = from.failures();
            bySource = new LinkedHashMap<>(from.bySource());
        }

        void count(ObservedOp op) {
            if (op.success()) {
                successes++;
            } else {
                failures++;
            }
            boolean own = bySource.size() < MAX_SOURCES || bySource.containsKey(op.source());
            bySource.merge(own ? op.source() : OTHER, 1L, Long::sum);
        }

        OperationTotals totals() {
            return new OperationTotals(successes, failures, bySource);
        }
    }
}
