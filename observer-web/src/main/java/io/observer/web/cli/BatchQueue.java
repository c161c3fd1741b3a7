package io.observer.web.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the reader of standard input and the sender meet. Bounded, so that a server that is away holds up the reader
 * and not memory. A batch is what has come by the time it is full, the input ends, or the input has been idle for a
 * moment: a file comes in full batches, and a live build shows at once.
 */
final class BatchQueue implements Batches {

    /** The most events in one batch. */
    private static final int MOST_EVENTS = 1000;

    private static final int CAPACITY_EVENTS = 10 * MOST_EVENTS;
    private static final int CAPACITY_BYTES = 4 * MOST_BYTES;

    private final Duration linger;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<QueuedEvent> events = new ArrayDeque<>();
    private long bytes;
    private boolean idle;
    private boolean closed;

    /** @param linger how long to wait for more once the input is idle */
    BatchQueue(Duration linger) {
        this.linger = linger;
    }

    /** Adds an event as soon as there is room, and answers whether it was taken: after {@link #close} none is. */
    boolean put(QueuedEvent event) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && isFull()) {
                changed.await();
            }
            if (closed) {
                return false;
            }
            events.add(event);
            bytes += event.json().length;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** No more has come so far: what is here need not wait for long. */
    void idle() {
        lock.lock();
        try {
            idle = !events.isEmpty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<QueuedEvent> take() throws InterruptedException {
        lock.lock();
        try {
            while (events.isEmpty() && !closed) {
                changed.await();
            }
            long left = linger.toNanos();
            while (left > 0 && !closed && events.size() < MOST_EVENTS && bytes < MOST_BYTES) {
                if (idle) {
                    left = changed.awaitNanos(left);
                } else {
                    changed.await();
                }
            }
            return batch();
        } finally {
            lock.unlock();
        }
    }

    private List<QueuedEvent> batch() {
        List<QueuedEvent> batch = new ArrayList<>();
        long size = 0;
        for (QueuedEvent next = events.peek(); next != null; next = events.peek()) {
            size += next.json().length + 1;
            if (batch.size() == MOST_EVENTS || (!batch.isEmpty() && size > MOST_BYTES)) {
                break;
            }
            batch.add(events.remove());
            bytes -= next.json().length;
        }
        idle = idle && !events.isEmpty();
        changed.signalAll();
        return batch;
    }

    private boolean isFull() {
        return events.size() >= CAPACITY_EVENTS || bytes >= CAPACITY_BYTES;
    }
}
