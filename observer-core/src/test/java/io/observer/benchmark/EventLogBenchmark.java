package io.observer.benchmark;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.ChannelOpener;
import io.observer.log.Durability;
import io.observer.log.EventLog;
import io.observer.log.FileEventLog;
import io.observer.log.FileLogSettings;
import io.observer.log.LogPage;
import io.observer.log.MemoryEventLog;
import io.observer.log.PageLimit;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** From an append until its answer, by one publisher who waits for it, and a page of the newest events: microseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventLogBenchmark {

    private static final int MAX_QUEUED = 10_000;
    private static final int PAGE = 200;
    private static final List<EventDraft> ONE = SampleEvents.drafts(1);
    private static final List<EventDraft> HUNDRED = SampleEvents.drafts(100);

    /** {@code memory}, or the durability of a log in files. */
    @Param({"memory", "process", "always"})
    public String kept;

    private final Scheduler writing = Schedulers.newSingle("log-writer");
    private final ExecutorService reading = Executors.newSingleThreadExecutor();
    private Path directory;
    private EventLog log;

    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("observer-benchmark-");
        log = kept.equals("memory")
                ? new MemoryEventLog("bench", Retention.DEFAULT, Ticker.system(), writing, MAX_QUEUED, stored -> {})
                : FileEventLog.open(
                        settings(),
                        Ticker.system(),
                        () -> "bench",
                        ChannelOpener.system(),
                        writing,
                        reading,
                        MAX_QUEUED,
                        stored -> {});
        for (int i = 0; i < MAX_QUEUED / HUNDRED.size(); i++) {
            append100();
        }
    }

    /** Small enough that retention keeps up with minutes of appends. */
    private FileLogSettings settings() {
        Durability durability = Durability.valueOf(kept.toUpperCase(Locale.ROOT));
        return new FileLogSettings(directory, durability, Duration.ofDays(1), 512L << 20, 64L << 20, 10_000);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        log.close().toFuture().join();
        writing.dispose();
        reading.shutdown();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public Appended append1() {
        return log.append(ONE).toFuture().join();
    }

    @Benchmark
    public Appended append100() {
        return log.append(HUNDRED).toFuture().join();
    }

    @Benchmark
    public LogPage readPage() {
        long after = log.bounds().lastId() - PAGE;
        return log.read(after, EventFilter.all(), PageLimit.of(PAGE)).toFuture().join();
    }
}
