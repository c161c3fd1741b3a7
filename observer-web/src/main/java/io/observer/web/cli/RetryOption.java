package io.observer.web.cli;

import io.observer.event.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/** How long a client command goes on trying while the server cannot be reached. */
final class RetryOption {

    @Option(
            names = "--retry-for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = {
                "How long to go on trying while the server cannot be reached, such as 500ms, 2s, 5m or 0.",
                "Default: 30s",
            })
    private Duration retryFor = Duration.ofSeconds(30);

    Outage outage(Console console) {
        return new Outage(retryFor, Ticker.system(), ThreadLocalRandom.current(), console::note);
    }
}
