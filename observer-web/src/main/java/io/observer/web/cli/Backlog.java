package io.observer.web.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events of a running command on their way to the server. Bounded, and never holds up who adds one: when it is full the
 * oldest lines of output go, and when there are none the oldest of what else may go. An event in their place says how
 * many.
 */
final class Backlog implements Batches {

    /** What may go when there is no room, the first kind first. */
    enum Kind {
        LINE,
        CHANGE,
        /** How the job stands: few, and never dropped. */
        STATE
    }

    /** How many were dropped. */
    record Dropped(long lines, long changes) {}

    /** A command writes faster than a small batch makes its way to the server and back. */
    private static final int MOST_EVENTS = 8_000;

    /** What an event takes in memory beside its JSON. */
    private static final int OVERHEAD = 96;

    private static final class Waiting {

        private final long place;
        private final byte[] json;

        Waiting(long place, byte[] json) {
            this.place = place;
            this.json = json;
        }

        int size() {
            return json.length + OVERHEAD;
        }
    }

    private final long capacity;
    private final Duration linger;
    private final Function<Dropped, byte[]> notice;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Kind, Deque<Waiting>> waiting = new EnumMap<>(Kind.class);
    private long places;
    private long bytes;
    private long events;
    private boolean closed;

    private long lostLines;
    private long lostChanges;
    private long lastLost;

    /**
     * @param capacity in bytes of memory
     * @param linger how long the first of a batch waits for others
     * @param notice makes the event that stands for dropped ones
     */
    Backlog(long capacity, Duration linger, Function<Dropped, byte[]> notice) {
        this.capacity = capacity;
        this.linger = linger;
        this.notice = notice;
        for (Kind kind : Kind.values()) {
            waiting.put(kind, new ArrayDeque<>());
        }
    }

    /** Adds an event, whatever has to go for it. */
    void put(Kind kind, byte[] json) {
        lock.lock();
        try {
            Waiting event = new Waiting(places++, json);
            of(kind).add(event);
            bytes += event.size();
            events++;
            makeRoom();
            if (events == 1 || events == MOST_EVENTS || bytes >= MOST_BYTES) {
                changed.signalAll();
            }
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
            while (isEmpty() && !closed) {
                changed.await();
            }
            long left = linger.toNanos();
            while (left > 0 && !closed && events < MOST_EVENTS && bytes < MOST_BYTES) {
                left = changed.awaitNanos(left);
            }
            return batch();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return events == 0 && lostLines + lostChanges == 0;
    }

    private List<QueuedEvent> batch() {
        List<QueuedEvent> batch = new ArrayList<>();
        long size = 0;
        while (batch.size() < MOST_EVENTS) {
            Deque<Waiting> first = first();
            Waiting next = first == null ? null : first.peek();
            byte[] json = next == null || next.place > lastLost ? noticeOfLost() : null;
            if (json == null) {
                if (first == null || next == null || (size > 0 && size + next.json.length + 1 > MOST_BYTES)) {
                    break;
                }
                first.remove();
                bytes -= next.size();
                events--;
                json = next.json;
            }
            size += json.length + 1;
            batch.add(new QueuedEvent(QueuedEvent.NO_LINE, json));
        }
        return batch;
    }

    /** Where the oldest event is, or null if there is none. */
    private @Nullable Deque<Waiting> first() {
        Deque<Waiting> oldest = null;
        long place = Long.MAX_VALUE;
        for (Deque<Waiting> candidate : waiting.values()) {
            Waiting head = candidate.peek();
            if (head != null && head.place < place) {
                oldest = candidate;
                place = head.place;
            }
        }
        return oldest;
    }

    /** The event that stands for what was dropped, once: null when nothing was. */
    private byte @Nullable [] noticeOfLost() {
        if (lostLines + lostChanges == 0) {
            return null;
        }
        Dropped dropped = new Dropped(lostLines, lostChanges);
        lostLines = 0;
        lostChanges = 0;
        return notice.apply(dropped);
    }

    /** Goes a step further than it has to, so that there is one gap where there would be many. */
    private void makeRoom() {
        boolean full = bytes > capacity;
        while (full && bytes > capacity / 4 * 3) {
            full = dropOldest();
        }
    }

    private boolean dropOldest() {
        boolean line = !of(Kind.LINE).isEmpty();
        Waiting dropped = line ? of(Kind.LINE).poll() : of(Kind.CHANGE).poll();
        if (dropped == null) {
            return false;
        }
        lostLines += line ? 1 : 0;
        lostChanges += line ? 0 : 1;
        lastLost = Math.max(lastLost, dropped.place);
        bytes -= dropped.size();
        events--;
        return true;
    }

    private Deque<Waiting> of(Kind kind) {
        return waiting.computeIfAbsent(kind, none -> new ArrayDeque<>());
    }
}
