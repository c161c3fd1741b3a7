package io.observer.operation;

import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import io.observer.log.EventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Records observed operations, counts them, and finds where they keep failing. Safe for any number of threads; no method
 * but {@link #open} blocks.
 */
public final class OperationStore {

    private final @Nullable OperationJournal journal;
    private final OperationStats stats;
    private final FailureClusters clusters;
    private final OperationPublisher publisher;
    private final OperationQueue queue;
    private final Scheduler.Worker worker;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<ClusterChange> listener;

    /** Publications of changes that the log has not answered yet. Only the worker's. */
    private int telling;

    private OperationStore(
            @Nullable OperationJournal journal,
            OperationSettings settings,
            EventLog log,
            Clock clock,
            Ticker ticker,
            Scheduler.Worker worker,
            Consumer<ClusterChange> listener) {
        this.journal = journal;
        this.stats =
                new OperationStats(settings.ringSize(), journal == null ? OperationTotals.NONE : journal.totalsFound());
        this.clusters = new FailureClusters(settings.clusterThreshold(), settings.clusterWindow());
        this.publisher = new OperationPublisher(log);
        this.queue = new OperationQueue(worker, this::write);
        this.worker = worker;
        this.clock = clock;
        this.ticker = ticker;
        this.listener = listener;
    }

    /**
     * Opens the journal and counts what is in it. Blocks; call it while starting.
     *
     * @param log where each operation and each change of a cluster is published
     * @param clock the wall clock
     * @param writing runs the writer; the store keeps one worker of it
     * @param listener hears each change of a cluster, after the log was given it; must not block
     * @throws JournalOpenException if the journal is in use or cannot be used
     */
    public static OperationStore open(
            OperationSettings settings,
            EventLog log,
            Clock clock,
            Ticker ticker,
            ChannelOpener files,
            Scheduler writing,
            Consumer<ClusterChange> listener) {
        Path file = settings.journal();
        OperationJournal journal = file == null ? null : OperationJournal.open(file, settings, files);
        OperationStore store =
                new OperationStore(journal, settings, log, clock, ticker, writing.createWorker(), listener);
        store.start();
        return store;
    }

    /**
     * Records one operation.
     *
     * @return the operation, once it is in the journal and counted and the log has answered; {@link
     *     OperationRefusedException} if it was not taken
     */
    public Mono<ObservedOp> record(ObservedOp op) {
        return queue.offer(op);
    }

    /** The figures right now. */
    public StatsSnapshot stats() {
        return stats.snapshot();
    }

    /** The clusters right now: open ones, then those closed lately; of both the newest first. */
    public List<FailureCluster> clusters() {
        return clusters.list();
    }

    /** What is wrong right now; empty when nothing is. */
    public List<String> faults() {
        return Stream.of(journal == null ? null : journal.fault(), publisher.fault())
                .filter(fault -> fault != null)
                .map(String::valueOf)
                .toList();
    }

    /** Events about operations and clusters that the log did not take since the start. */
    public long unpublished() {
        return publisher.unpublished();
    }

    /** Operations that wait for the writer. */
    public int queueDepth() {
        return queue.depth();
    }

    /** Takes nothing more and completes when all that was accepted is in the journal and the log. */
    public Mono<Void> close() {
        return queue.close()
                .then(Mono.create(closed -> worker.schedule(() -> {
                    if (journal != null) {
                        journal.close();
                    }
                    closed.success();
                })));
    }

    private void start() {
        if (journal != null) {
            clusters.recall(journal.clustersFound());
            journal.replay(new OperationJson(clock), this::restore);
        }
        List<ClusterChange> untold = clusters.resume(clock.instant(), ticker.nanos());
        worker.schedule(() -> tell(untold));
        worker.schedulePeriodically(this::tend, 1, 1, TimeUnit.SECONDS);
    }

    private void restore(ObservedOp op, boolean counted, boolean followed) {
        if (counted) {
            stats.addCounted(op);
        } else {
            stats.add(op);
        }
        if (!followed) {
            clusters.add(op, clock.instant(), ticker.nanos());
        }
    }

    private OperationJournal.Sum sum() {
        return new OperationJournal.Sum(stats.lifetime(), clusters.memory());
    }

    /** Takes a batch on the writer's thread; completes when it may be answered. */
    private Mono<Void> write(List<ObservedOp> batch) {
        if (journal != null) {
            journal.append(batch, this::sum);
        }
        Instant now = clock.instant();
        List<EventDraft> events = new ArrayList<>();
        List<ClusterChange> changes = new ArrayList<>();
        for (ObservedOp op : batch) {
            stats.add(op);
            events.add(OperationEvents.of(op));
            for (ClusterChange change : clusters.add(op, now, ticker.nanos())) {
                events.add(OperationEvents.of(change, now));
                changes.add(change);
            }
        }
        Mono<Void> published = publisher.publish(events);
        changes.forEach(listener);
        return published;
    }

    private void tend() {
        if (queue.isClosed()) {
            return;
        }
        if (journal != null) {
            journal.tend(this::sum);
        }
        tell(clusters.expire(ticker.nanos()));
    }

    private void tell(List<ClusterChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        telling++;
        publisher
                .publish(changes.stream()
                        .map(change -> OperationEvents.of(change, now))
                        .toList())
                .subscribe(nothing -> {}, failure -> {}, () -> worker.schedule(this::told));
        changes.forEach(listener);
    }

    /** What the log did not take is not remembered as told: rather twice than never. */
    private void told() {
        telling--;
        if (telling == 0 && journal != null && publisher.fault() == null) {
            journal.remember(clusters.memory());
        }
    }
}
