package io.observer.e2e.bench;

import java.io.IOException;
import java.util.Locale;

/** What can be measured, in the order in which it is. */
enum Scenario {
    START("from the start of the process to its ready line"),
    LATENCY("from a publish on an idle server to the last of its readers"),
    FANOUT("a steady rate of events to many readers"),
    INGEST("as many events as publishers can bring in");

    private final String description;

    Scenario(String description) {
        this.description = description;
    }

    static Scenario of(String label) throws UsageException {
        for (Scenario scenario : values()) {
            if (scenario.label().equals(label)) {
                return scenario;
            }
        }
        throw new UsageException("unknown scenario '" + label + "'; there are start, latency, fanout and ingest");
    }

    /** Its name on the command line and in the report. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    Result run(BenchOptions options) throws IOException, InterruptedException {
        return switch (this) {
            case START -> StartScenario.run(options);
            case LATENCY -> LatencyScenario.run(options);
            case FANOUT -> FanoutScenario.run(options);
            case INGEST -> IngestScenario.run(options);
        };
    }
}
