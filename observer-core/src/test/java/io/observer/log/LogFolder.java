package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A directory with a file log in it, which a test opens, leaves behind as a crash does, and opens again. Everything runs
 * on the test's own thread, and time passes when the test says so.
 */
final class LogFolder {

    static final Duration WEEK = Duration.ofDays(7);

    final ManualTicker ticker;
    final FaultyDisk disk = new FaultyDisk();
    final RecordedOutput output = new RecordedOutput();

    private final Path directory;
    private final AtomicInteger lives;
    private Durability durability = Durability.PROCESS;
    private Duration ttl = WEEK;
    private long maxBytes = 1L << 30;
    private long segmentBytes = 64L << 20;
    private int maxJobs = 10_000;
    private VirtualTimeScheduler writing = VirtualTimeScheduler.create();

    LogFolder(Path directory) {
        this(directory, new ManualTicker(), new AtomicInteger());
    }

    private LogFolder(Path directory, ManualTicker ticker, AtomicInteger lives) {
        this.directory = directory;
        this.ticker = ticker;
        this.lives = lives;
    }

    LogFolder with(Durability other) {
        durability = other;
        return this;
    }

    /** Begins a new segment as soon as one would grow beyond this. */
    LogFolder withSegmentsOf(long bytes) {
        segmentBytes = bytes;
        return this;
    }

    /** Tells of no more jobs than these when it is opened. */
    LogFolder telling(int jobs) {
        maxJobs = jobs;
        return this;
    }

    LogFolder keeping(Duration time, long bytes) {
        ttl = time;
        maxBytes = bytes;
        return this;
    }

    Path path() {
        return directory;
    }

    FileLogSettings settings() {
        return new FileLogSettings(directory, durability, ttl, maxBytes, segmentBytes, maxJobs);
    }

    /** The log, as one that has been opened by a server of its own. */
    FileEventLog open() {
        writing = VirtualTimeScheduler.create();
        return open(writing);
    }

    FileEventLog open(Scheduler writer) {
        return FileEventLog.open(settings(), ticker, this::newEpoch, disk, writer, Runnable::run, 10_000, output);
    }

    private String newEpoch() {
        return "life" + lives.incrementAndGet();
    }

    /** How often a log in this folder, or in one it was copied to, began a new life. */
    int lives() {
        return lives.get();
    }

    /** Lets the log do what it does each second. */
    void tend() {
        writing.advanceTimeBy(Duration.ofSeconds(1));
    }

    /** Lets time pass, and the log do at the end of it what it does each second. */
    void pass(Duration time) {
        ticker.advance(time);
        tend();
    }

    /**
     * What would be found if the server were killed now: a copy of the files as the kernel has them, held by nobody. The
     * disk of the copy works.
     */
    LogFolder killed() {
        try {
            Path copy = Files.createTempDirectory(directory.getParent(), "killed");
            for (Path file : files("")) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            return new LogFolder(copy, ticker, lives)
                    .with(durability)
                    .keeping(ttl, maxBytes)
                    .withSegmentsOf(segmentBytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The segments, oldest first. */
    List<Path> segments() {
        return files(".jsonl");
    }

    /** The files whose names end so, by name. */
    List<Path> files(String suffix) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** All lines of all segments, as {@code cat *.jsonl} shows them; the last of each must be whole. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Path segment : segments()) {
            String text = read(segment);
            Assertions.assertThat(text.isEmpty() || text.endsWith("\n"))
                    .as("%s ends with a whole line", segment)
                    .isTrue();
            // A blank at the end marks an append that goes on.
            text.lines().map(String::stripTrailing).forEach(lines::add);
        }
        return lines;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Puts {@code text} in place of what the file holds. */
    static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Puts a segment of these lines into the folder; {@code firstId} is for its name. */
    Path putSegment(String epoch, long firstId, String... lines) {
        return putSegment(
                epoch,
                firstId,
                String.join("", Arrays.stream(lines).map(line -> line + "\n").toList()));
    }

    Path putSegment(String epoch, long firstId, String text) {
        return putSegment(epoch, firstId, text.getBytes(StandardCharsets.UTF_8));
    }

    Path putSegment(String epoch, long firstId, byte[] bytes) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Path segment = Segment.path(directory, epoch, firstId);
        write(segment, bytes);
        return segment;
    }

    /** What a server that was killed on this boot of the machine left as the log's identity. */
    LogFolder putIdentity(String epoch, long reservedId) {
        return putIdentity(new LogIdentity(epoch, reservedId, 0, 0, LogIdentity.currentBoot(), false));
    }

    LogFolder putIdentity(LogIdentity identity) {
        try {
            Files.createDirectories(directory);
            identity.save(directory, disk);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    LogIdentity identity() {
        return LogIdentity.load(directory);
    }

    /** Everything the log has, read page after page. */
    static List<Event> all(EventLog log) {
        return all(log, EventFilter.all(), 7);
    }

    static List<Event> all(EventLog log, EventFilter filter, int limit) {
        List<LogPage> pages = pages(log, filter, limit);
        Assertions.assertThat(pages).allMatch(page -> page.gap() == null);
        return pages.stream().flatMap(page -> page.events().stream()).toList();
    }

    /** All pages there are, gaps included. */
    static List<LogPage> pages(EventLog log, EventFilter filter, int limit) {
        List<LogPage> pages = new ArrayList<>();
        LogPage page = EventLogContract.read(log, log.bounds().firstId() - 1, filter, limit);
        pages.add(page);
        while (page.hasMore()) {
            page = EventLogContract.read(log, page.covered(), filter, limit);
            pages.add(page);
        }
        return pages;
    }

    static void close(EventLog log) {
        log.close().block(Duration.ofSeconds(30));
    }
}
