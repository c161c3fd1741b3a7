package io.observer.log;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A log on disk that survives whatever ends its process: JSONL segments with an index beside each, and the newest events
 * in memory.
 *
 * <pre>
 * log/k3f9x2-00000000000000000001.jsonl   read only, with .idx beside it
 * log/k3f9x2-00000000000000214008.jsonl   written on; its newest events are in memory too
 * log/identity.properties                 epoch, ids set aside, age, whether the stop was clean
 * log/lock                                the pid of the server that has it
 * </pre>
 */
public final class FileEventLog implements EventLog {

    private static final Logger log = LoggerFactory.getLogger(FileEventLog.class);

    /** The newest events are answered from memory; no age takes them from there. */
    private static final Retention TAIL = new Retention(Duration.ofDays(36_500), 10_000, 32L << 20);

    /** Heap for the indexes of segments that are not written any more: four million events of few names. */
    private static final long INDEX_BYTES = 64L << 20;

    /** Heap for older events that were read lately. */
    private static final long BLOCK_BYTES = 16L << 20;

    private static final int BLOCK_EVENTS = 128;

    private final FileLogSettings settings;
    private final DirectoryLock lock;
    private final SegmentStore store;
    private final SegmentReader reader;
    private final MemoryRing tail;
    private final LogWriter writer;
    private final Scheduler.Worker worker;
    private final Executor reading;
    private final String epoch;
    private final AtomicReference<List<JobTrace>> jobs;
    private final long damagedLines;

    private FileEventLog(
            FileLogSettings settings,
            DirectoryLock lock,
            SegmentStore store,
            OpenedLog opened,
            Ticker ticker,
            Scheduler.Worker worker,
            Executor reading,
            int maxQueued,
            EventOutput output) {
        this.settings = settings;
        this.lock = lock;
        this.store = store;
        this.reader = new SegmentReader(store, new EventBlocks(BLOCK_EVENTS, BLOCK_BYTES));
        this.tail = new MemoryRing(TAIL, ticker, opened.lastId() + 1);
        this.worker = worker;
        this.reading = reading;
        this.epoch = opened.identity().epoch();
        this.jobs = new AtomicReference<>(opened.jobs());
        this.damagedLines = opened.damagedLines();
        LogWriter.Store both = batch -> {
            store.store(batch);
            tail.add(batch.events());
        };
        this.writer = new LogWriter(worker, both, output, maxQueued, opened.lastId());
        worker.schedulePeriodically(store::tend, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Opens the log in the settings' directory, repairs what a crash left behind, and holds the directory until closed.
     * Blocks; call it while starting.
     *
     * @param newEpoch names a new life of the log; asked only when the directory holds no past
     * @param writing runs the writer; the log keeps one worker of it
     * @param reading runs what reads files; must not interrupt its threads, since that closes the files they read
     * @param maxQueued events that may wait for the writer
     * @throws LogOpenException if the directory is in use or cannot be used
     */
    public static FileEventLog open(
            FileLogSettings settings,
            Ticker ticker,
            Supplier<String> newEpoch,
            ChannelOpener files,
            Scheduler writing,
            Executor reading,
            int maxQueued,
            EventOutput output) {
        Path directory = settings.directory();
        try {
            PrivateDirectory.make(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                SegmentIndexes indexes = new SegmentIndexes(INDEX_BYTES);
                OpenedLog opened = new LogOpener(directory, files, indexes, settings.maxJobs()).open(newEpoch);
                LogAge age = new LogAge(ticker, opened.identity().ranSeconds());
                SegmentStore store = new SegmentStore(settings, files, indexes, age, opened);
                return new FileEventLog(
                        settings, lock, store, opened, ticker, writing.createWorker(), reading, maxQueued, output);
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new LogOpenException(
                    "the log in " + directory + " cannot be opened: " + failure.getMessage()
                            + "; it must be a directory that this user may write to",
                    failure);
        }
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public String backend() {
        return "file";
    }

    @Override
    public String durability() {
        return settings.durability().wireName();
    }

    @Override
    public LogBounds bounds() {
        return store.bounds();
    }

    @Override
    public int queueDepth() {
        return writer.queueDepth();
    }

    @Override
    public LogHealth health() {
        String broken = writer.fault();
        return new LogHealth(broken == null ? store.fault() : broken, damagedLines + reader.damagedLines());
    }

    @Override
    public List<JobTrace> takeJobsFound() {
        return jobs.getAndSet(List.of());
    }

    @Override
    public Mono<Appended> append(List<EventDraft> drafts) {
        return writer.append(drafts);
    }

    @Override
    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return Mono.defer(() -> {
            if (isInTail(after)) {
                LogPage page = tail.page(after, filter, limit);
                if (page.gap() == null) {
                    return Mono.just(page);
                }
            }
            LogPage atHand = reader.pageAtHand(after, filter, limit);
            return atHand != null ? Mono.just(atHand) : readFiles(() -> reader.page(after, filter, limit));
        });
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return count == 0
                ? Mono.fromSupplier(() -> store.bounds().lastId())
                : readFiles(() -> reader.positionBeforeLast(count, filter));
    }

    @Override
    public Mono<Void> seal() {
        return writer.close();
    }

    @Override
    public Mono<Void> close() {
        return seal().then(Mono.create(closed -> worker.schedule(() -> {
            store.close();
            unlock();
            closed.success();
        })));
    }

    private boolean isInTail(long after) {
        return after + 1 >= tail.bounds().firstId()
                && after + 1 >= store.bounds().firstId();
    }

    private <T> Mono<T> readFiles(Callable<T> reading) {
        // Not a scheduler: disposing its tasks would interrupt them, and that closes the file for everybody.
        return Mono.create(answer -> this.reading.execute(() -> {
            try {
                answer.success(reading.call());
            } catch (Exception | Error failure) {
                // Whoever waits for the answer would wait for ever.
                answer.error(failure);
            }
        }));
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException failure) {
            log.warn("The lock of {} could not be released", settings.directory(), failure);
        }
    }
}
