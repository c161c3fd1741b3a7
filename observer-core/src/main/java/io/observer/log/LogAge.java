package io.observer.log;

import io.observer.event.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * The clock of a log's retention: how long servers ran on it. It goes on where the last server left it, and neither a
 * step of the wall clock nor time spent switched off moves it.
 */
final class LogAge {

    private final Ticker ticker;
    private final long startedAt;
    private final long ranBefore;

    LogAge(Ticker ticker, long ranSeconds) {
        this.ticker = ticker;
        this.startedAt = ticker.nanos();
        this.ranBefore = ranSeconds;
    }

    long seconds() {
        return ranBefore + TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - startedAt);
    }
}
