package io.observer.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

/** The segments alone keep every promise of a log; what is in memory too only makes it quicker. */
class SegmentStoreTest extends RetainedEventLogContract {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final AtomicInteger opened = new AtomicInteger();

    @Override
    protected EventLog open(LogSetup setup) {
        return open(setup, 1L << 30, 8_000);
    }

    @Override
    protected EventLog openSmall() {
        return open(roomy(), 40_000, 8_000);
    }

    private EventLog open(LogSetup setup, long maxBytes, long segmentBytes) {
        FileLogSettings settings = new FileLogSettings(
                directory.resolve("log" + opened.incrementAndGet()),
                Durability.PROCESS,
                Duration.ofDays(7),
                maxBytes,
                segmentBytes,
                1_000);
        return new SegmentsOnlyLog(
                settings,
                new SegmentIndexes(1),
                new FaultyDisk(),
                setup.ticker(),
                setup.writing(),
                setup.maxQueued(),
                setup.output());
    }
}
