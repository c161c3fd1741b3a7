package io.observer.log;

import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.concurrent.Queues;

/**
 * Appends that wait until a log has them stored, bounded in events and in bytes. Any thread adds, the log's writer takes
 * and says what is done with.
 */
public final class AppendQueue {

    /** Bytes that may wait in all. */
    private static final long MAX_BYTES = 64L << 20;

    /**
     * One append and who waits for its answer.
     *
     * @param since when it came, in the nanoseconds of the queue's clock
     */
    public record Pending(List<EventDraft> drafts, long bytes, long since, MonoSink<Appended> answer) {

        private static Pending of(List<EventDraft> drafts, long since, MonoSink<Appended> answer) {
            long bytes = 0;
            for (EventDraft draft : drafts) {
                bytes += draft.members().length;
            }
            return new Pending(drafts, bytes, since, answer);
        }
    }

    private final int maxEvents;
    private final Ticker ticker;
    private final Runnable ready;
    private final Queue<Pending> queue =
            Queues.<Pending>unboundedMultiproducer().get();
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;

    /** A queue that does not ask when an append came. */
    public AppendQueue(int maxEvents, Runnable ready) {
        this(maxEvents, () -> 0, ready);
    }

    /**
     * @param maxEvents events that may wait; one append is always taken when none waits
     * @param ticker tells when an append came
     * @param ready is run whenever something was added
     */
    public AppendQueue(int maxEvents, Ticker ticker, Runnable ready) {
        this.maxEvents = maxEvents;
        this.ticker = ticker;
        this.ready = ready;
    }

    /** Adds an append for each subscriber; see {@link EventLog#append}. */
    public Mono<Appended> append(List<EventDraft> drafts) {
        return Mono.create(answer -> add(Pending.of(drafts, ticker.nanos(), answer)));
    }

    /** Events that wait or are not done with yet. */
    public int depth() {
        return events.get();
    }

    /** Refuses whatever comes from now on. */
    public void close() {
        closed = true;
        ready.run();
    }

    public boolean isClosed() {
        return closed;
    }

    /** The append that came first of those that wait, or null. It stays where it is. */
    public @Nullable Pending first() {
        return queue.peek();
    }

    /** What is to be stored in one step: all that waits up to these bounds, at least one append if any waits. */
    public List<Pending> next(int maxBatch, long maxBatchBytes) {
        List<Pending> batch = new ArrayList<>();
        long batchBytes = 0;
        for (int batchEvents = 0; batchEvents < maxBatch && batchBytes < maxBatchBytes; ) {
            Pending next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            batchEvents += next.drafts().size();
            batchBytes += next.bytes();
        }
        return batch;
    }

    /** Makes the room of {@code batch} free again. */
    public void done(List<Pending> batch) {
        for (Pending pending : batch) {
            events.addAndGet(-pending.drafts().size());
            bytes.addAndGet(-pending.bytes());
        }
    }

    private void add(Pending pending) {
        if (closed) {
            pending.answer().error(new LogClosedException());
            return;
        }
        int count = pending.drafts().size();
        int before = events.getAndAdd(count);
        long allBytes = bytes.addAndGet(pending.bytes());
        if (before > 0 && (before + count > maxEvents || allBytes > MAX_BYTES)) {
            done(List.of(pending));
            pending.answer().error(new LogFullException());
            return;
        }
        queue.add(pending);
        ready.run();
    }
}
