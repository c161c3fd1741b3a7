package io.observer.operation;

import io.observer.event.Event;
import io.observer.log.FullDisk;
import io.observer.log.ManualTicker;
import io.observer.log.MemoryEventLog;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A directory with a journal in it, which a test opens, leaves behind as a crash does, and opens again. Everything runs
 * on the test's own thread, and time passes when the test says so.
 */
final class OperationFolder {

    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    final FullDisk disk = new FullDisk();
    final RecordedOutput published = new RecordedOutput();
    final List<ClusterChange> told = new ArrayList<>();
    final ManualTicker ticker = new ManualTicker();
    final MemoryEventLog log =
            new MemoryEventLog("life1", Retention.DEFAULT, ticker, Schedulers.immediate(), 10_000, published);

    private final Path directory;
    private Instant now = TestOperations.START;
    private long journalBytes = 1L << 20;
    private int keptJournals = 2;
    private int ringSize = 2_000;
    private VirtualTimeScheduler time = VirtualTimeScheduler.create();

    OperationFolder(Path directory) {
        this.directory = directory;
    }

    OperationFolder at(Instant moment) {
        now = moment;
        return this;
    }

    /** Begins a new generation as soon as one would grow beyond this. */
    OperationFolder withGenerationsOf(long bytes, int kept) {
        journalBytes = bytes;
        keptJournals = kept;
        return this;
    }

    OperationFolder withRingOf(int operations) {
        ringSize = operations;
        return this;
    }

    Path journal() {
        return directory.resolve("data").resolve("operations.jsonl");
    }

    OperationStore open() {
        time = VirtualTimeScheduler.create();
        return open(journal(), time);
    }

    OperationStore openInMemory() {
        time = VirtualTimeScheduler.create();
        return open(null, time);
    }

    OperationStore open(Path journal, Scheduler writing) {
        OperationSettings settings =
                new OperationSettings(journal, journalBytes, keptJournals, ringSize, 5, Duration.ofMinutes(10));
        return OperationStore.open(settings, log, clock(), ticker, disk, writing, told::add);
    }

    /** Lets time pass, and the store do at the end of it what it does each second. */
    void pass(Duration passed) {
        now = now.plus(passed);
        ticker.advance(passed);
        time.advanceTimeBy(Duration.ofSeconds(1));
    }

    /** What would be found if the server were killed now: a copy of the files as the kernel has them, held by nobody. */
    OperationFolder killed() {
        try {
            OperationFolder copy = new OperationFolder(Files.createTempDirectory(directory, "killed"));
            copy.withGenerationsOf(journalBytes, keptJournals)
                    .withRingOf(ringSize)
                    .at(now);
            Files.createDirectories(copy.journal().getParent());
            for (String name : files()) {
                Files.copy(journal().resolveSibling(name), copy.journal().resolveSibling(name));
            }
            return copy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The names of all files beside the journal, itself included. */
    List<String> files() {
        try (Stream<Path> all = Files.list(journal().getParent())) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String text() {
        return text("operations.jsonl");
    }

    String text(String name) {
        try {
            return Files.readString(journal().resolveSibling(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Puts a journal there as another program may have left it. */
    OperationFolder holding(byte[] journal) {
        try {
            Files.createDirectories(journal().getParent());
            Files.write(journal(), journal);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<String> publishedNames() {
        return published.events().stream().map(Event::name).toList();
    }

    static ObservedOp record(OperationStore store, ObservedOp op) {
        return store.record(op).block(AT_ONCE);
    }

    static void record(OperationStore store, List<ObservedOp> ops) {
        ops.forEach(op -> record(store, op));
    }

    static void close(OperationStore store) {
        store.close().block(AT_ONCE);
    }

    /** How many operations of a file's text there are, one a line. */
    static long lines(String text) {
        return text.lines().count();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    static <T> T await(Mono<T> answer) {
        return answer.block(AT_ONCE);
    }
}
