package io.observer.operation;

import io.observer.operation.OperationRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Operations from any thread on their way to the one writer, which takes all that wait, up to a bound, as one batch. What
 * was taken and is not answered yet is bounded in number and in bytes.
 */
final class OperationQueue {

    static final int MAX_OPERATIONS = 10_000;
    static final long MAX_BYTES = 32L << 20;

    private static final int MAX_BATCH = 1_000;
    private static final long MAX_BATCH_BYTES = 4L << 20;

    private static final Logger log = LoggerFactory.getLogger(OperationQueue.class);

    private record Pending(ObservedOp op, MonoSink<ObservedOp> answer) {}

    private final Scheduler.Worker worker;
    private final Function<List<ObservedOp>, Mono<Void>> writer;
    private final Queue<Pending> queue =
            Queues.<Pending>unboundedMultiproducer().get();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger wip = new AtomicInteger();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean closed;

    /** @param writer takes a batch, whole or by an exception not at all; completes when it may be answered */
    OperationQueue(Scheduler.Worker worker, Function<List<ObservedOp>, Mono<Void>> writer) {
        this.worker = worker;
        this.writer = writer;
    }

    Mono<ObservedOp> offer(ObservedOp op) {
        return Mono.create(answer -> enqueue(new Pending(op, answer)));
    }

    int depth() {
        return unanswered.get();
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes nothing more and completes when all that was taken is answered. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            wake();
            return drained.asMono();
        });
    }

    private void enqueue(Pending pending) {
        int size = pending.op().json().length;
        int count = unanswered.incrementAndGet();
        long total = bytes.addAndGet(size);
        if (closed) {
            release(pending);
            pending.answer().error(new OperationRefusedException(Reason.CLOSED, "the store is closed"));
            endIfDrained();
            return;
        }
        if (count > MAX_OPERATIONS || total > MAX_BYTES) {
            release(pending);
            pending.answer()
                    .error(new OperationRefusedException(Reason.FULL, "too many operations wait to be recorded"));
            return;
        }
        queue.add(pending);
        wake();
    }

    private void wake() {
        if (wip.getAndIncrement() == 0) {
            worker.schedule(this::drain);
        }
    }

    private void drain() {
        int seen = wip.get();
        do {
            for (List<Pending> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                write(batch);
            }
            endIfDrained();
            seen = wip.addAndGet(-seen);
        } while (seen != 0);
    }

    private void write(List<Pending> batch) {
        try {
            writer.apply(batch.stream().map(Pending::op).toList())
                    .subscribe(nothing -> {}, failure -> answer(batch, failure), () -> answer(batch, null));
        } catch (RuntimeException failure) {
            if (!(failure instanceof OperationRefusedException)) {
                log.error("The writer failed on operations. count={}", batch.size(), failure);
            }
            answer(batch, failure);
        }
    }

    private void answer(List<Pending> batch, @Nullable Throwable failure) {
        for (Pending pending : batch) {
            release(pending);
            if (failure == null) {
                pending.answer().success(pending.op());
            } else {
                pending.answer().error(failure);
            }
        }
        endIfDrained();
    }

    private void release(Pending pending) {
        unanswered.decrementAndGet();
        bytes.addAndGet(-pending.op().json().length);
    }

    private void endIfDrained() {
        if (closed && unanswered.get() == 0) {
            drained.tryEmitEmpty();
        }
    }

    private List<Pending> nextBatch() {
        List<Pending> batch = new ArrayList<>();
        long size = 0;
        while (batch.size() < MAX_BATCH && size < MAX_BATCH_BYTES) {
            Pending next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            size += next.op().json().length;
        }
        return batch;
    }
}
