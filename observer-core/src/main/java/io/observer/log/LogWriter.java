package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.log.AppendQueue.Pending;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The one writer of a log. Appends from any thread wait in a bounded queue; one worker takes all that wait, gives them
 * the next ids, stores them in one step, hands them to the output and answers. Many small appends so share one store.
 */
final class LogWriter {

    /** Stores a batch whole or throws. Called by one thread at a time. */
    @FunctionalInterface
    interface Store {
        void store(Batch batch);
    }

    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

    /** Events, and bytes, taken in one step at most, so that an answer never waits for an endless batch. */
    private static final int MAX_BATCH = 10_000;

    private static final long MAX_BATCH_BYTES = 8L << 20;

    private final Store store;
    private final EventOutput output;
    private final AppendQueue queue;
    private final Scheduler.Worker worker;
    private final AtomicInteger wip = new AtomicInteger();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private long lastId;
    private volatile @Nullable LogStorageException broken;

    /**
     * @param worker runs the writer
     * @param maxQueued events that may wait; one append is always taken when none waits
     * @param lastId the highest id given so far
     */
    LogWriter(Scheduler.Worker worker, Store store, EventOutput output, int maxQueued, long lastId) {
        this.worker = worker;
        this.store = store;
        this.output = output;
        this.queue = new AppendQueue(maxQueued, this::wake);
        this.lastId = lastId;
    }

    Mono<Appended> append(List<EventDraft> drafts) {
        return queue.append(drafts);
    }

    /** Why nothing will be stored any more, or null. */
    @Nullable
    String fault() {
        LogStorageException failure = broken;
        return failure == null ? null : failure.getMessage();
    }

    int queueDepth() {
        return queue.depth();
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            queue.close();
            return drained.asMono();
        });
    }

    private void wake() {
        if (wip.getAndIncrement() == 0) {
            worker.schedule(this::drain);
        }
    }

    private void drain() {
        int seen = wip.get();
        do {
            boolean closing = queue.isClosed();
            for (List<Pending> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                writeUnlessBroken(batch);
            }
            if (closing) {
                drained.tryEmitEmpty();
            }
            seen = wip.addAndGet(-seen);
        } while (seen != 0);
    }

    private List<Pending> nextBatch() {
        return queue.next(MAX_BATCH, MAX_BATCH_BYTES);
    }

    /** Behind an {@link Error} nobody knows what was done and what was not, so nothing is stored on top of that. */
    private void writeUnlessBroken(List<Pending> batch) {
        LogStorageException before = broken;
        if (before != null) {
            queue.done(batch);
            refuse(batch, before);
            return;
        }
        try {
            write(batch);
        } catch (Error failure) {
            log.error("The log takes no more events until the server is restarted. last_id={}", lastId, failure);
            LogStorageException reason = new LogStorageException(
                    "events cannot be stored until the server is restarted: " + failure, failure);
            broken = reason;
            refuse(batch, reason);
        }
    }

    private static void refuse(List<Pending> batch, RuntimeException reason) {
        batch.forEach(pending -> pending.answer().error(reason));
    }

    private void write(List<Pending> batch) {
        List<Event> events = new ArrayList<>();
        BitSet unfinished = new BitSet();
        long id = lastId;
        for (Pending pending : batch) {
            unfinished.set(events.size(), events.size() + pending.drafts().size() - 1);
            for (EventDraft draft : pending.drafts()) {
                events.add(draft.at(++id));
            }
        }
        queue.done(batch);
        try {
            store.store(new Batch(events, unfinished));
        } catch (RuntimeException failure) {
            refuse(batch, failure);
            return;
        }
        handOut(events);
        answer(batch);
    }

    private void handOut(List<Event> events) {
        try {
            output.accept(events);
        } catch (RuntimeException failure) {
            log.error("The output failed on stored events. first_id={} count={}", lastId + 1, events.size(), failure);
        }
    }

    private void answer(List<Pending> batch) {
        for (Pending pending : batch) {
            long firstId = lastId + 1;
            lastId += pending.drafts().size();
            pending.answer().success(new Appended(firstId, lastId));
        }
    }
}
