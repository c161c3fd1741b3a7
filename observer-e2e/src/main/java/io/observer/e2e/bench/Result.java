package io.observer.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one scenario found out.
 *
 * @param faults what must not happen and did; unless empty, the figures are of a broken run
 */
record Result(Scenario scenario, List<Figure> figures, List<String> faults) {

    /**
     * One measured value.
     *
     * @param value null = could not be measured here
     * @param unit "" = a plain number
     * @param decimals how many digits behind the point mean something
     */
    record Figure(String name, @Nullable Double value, String unit, int decimals) {}

    /** Of a scenario that did not come to its end. */
    static Result failed(Scenario scenario, String fault) {
        return new Result(scenario, List.of(), List.of(fault));
    }

    static Builder of(Scenario scenario) {
        return new Builder(scenario);
    }

    static final class Builder {

        private final Scenario scenario;
        private final List<Figure> figures = new ArrayList<>();

        private Builder(Scenario scenario) {
            this.scenario = scenario;
        }

        Builder count(String name, long value) {
            figures.add(new Figure(name, (double) value, "", 0));
            return this;
        }

        /** A part of a whole, 0 to 1. */
        Builder share(String name, @Nullable Double value) {
            figures.add(new Figure(name, value, "", 2));
            return this;
        }

        Builder seconds(String name, @Nullable Double value) {
            figures.add(new Figure(name, value, "s", 2));
            return this;
        }

        Builder millis(String name, long nanos) {
            figures.add(new Figure(name, nanos / 1e6, "ms", 2));
            return this;
        }

        Builder kibibytes(String name, @Nullable Double value) {
            figures.add(new Figure(name, value, "KiB", 1));
            return this;
        }

        Builder mebibytes(String name, @Nullable Long kibibytes) {
            figures.add(new Figure(name, kibibytes == null ? null : kibibytes / 1024.0, "MiB", 1));
            return this;
        }

        /** So many in so many seconds; unknown when the seconds are, or are too few to tell. */
        Builder per(String name, long count, @Nullable Double seconds) {
            Double rate = seconds == null || seconds <= 0 ? null : count / seconds;
            figures.add(new Figure(name, rate, "", 0));
            return this;
        }

        /** Median and tail, each name after {@code prefix}. */
        Builder latencies(String prefix, Latencies latencies) {
            millis(prefix + "p50", latencies.percentile(50));
            millis(prefix + "p95", latencies.percentile(95));
            millis(prefix + "p99", latencies.percentile(99));
            return millis(prefix + "max", latencies.max());
        }

        Result faults(List<String> faults) {
            return new Result(scenario, List.copyOf(figures), List.copyOf(faults));
        }
    }
}
