package io.observer.e2e.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be measured, in the order in which it is. */
enum Scenario {
    START("from the start of the process to its ready line"),
    LATENCY("from a publish on an idle server to the last of its readers"),
    FANOUT("a steady rate of events to many readers"),
    INGEST("as many events as publishers can bring in"),
    HISTORY("as many pages as clients can read"),
    RESUME("readers that come back, one by one and many at once"),
    SLOW("one reader stops, the others do not"),
    IDLE("very many readers to whom little happens"),
    RECORDER("timelines of jobs, written while their events come in");

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
        throw new UsageException("unknown scenario '" + label + "'; there are "
                + Stream.of(values()).map(Scenario::label).collect(Collectors.joining(", ")));
    }

    /** Its name on the command line and in the report. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** Whether it cannot use a server that somebody else has started. */
    boolean wantsItsOwnServer() {
        return this == START || this == RECORDER;
    }

    Result run(BenchOptions options) throws IOException, InterruptedException {
        return switch (this) {
            case START -> StartScenario.run(options);
            case LATENCY -> LatencyScenario.run(options);
            case FANOUT -> FanoutScenario.run(options);
            case INGEST -> IngestScenario.run(options);
            case HISTORY -> HistoryScenario.run(options);
            case RESUME -> ResumeScenario.run(options);
            case SLOW -> SlowScenario.run(options);
            case IDLE -> IdleScenario.run(options);
            case RECORDER -> RecorderScenario.run(options);
        };
    }
}
