package io.observer.e2e.bench;

import java.io.IOException;
import java.util.List;

/** How long the server takes from nothing to its ready line; the median says more than the one start that was disturbed. */
final class StartScenario {

    private static final int RUNS = 5;

    private StartScenario() {}

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        Latencies starts = new Latencies();
        int runs = Math.min(RUNS, options.seconds());
        for (int i = 0; i < runs; i++) {
            try (ServerProcess server = ServerProcess.start(options.log())) {
                starts.add(server.startNanos());
            }
        }
        return Result.of(Scenario.START)
                .count("runs", runs)
                .millis("median", starts.percentile(50))
                .millis("max", starts.max())
                .faults(List.of());
    }
}
