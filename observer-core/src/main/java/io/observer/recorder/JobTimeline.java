package io.observer.recorder;

import io.observer.event.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one job's lines to its file. Lines wait, bounded in bytes, until a task on a pool writes them: one task at
 * a time, one write a batch. What cannot be written is tried again, later and later; whoever adds lines never waits.
 * Any thread.
 */
final class JobTimeline {

    /** What a timeline tells about itself; on the thread that notices, so it must return at once. */
    interface Listener {

        /** Lines cannot be written, or {@code lost} of them are gone already. */
        void degraded(String job, String reason, long lost);

        /** Lines are written again; {@code lost} of them never were. */
        void recovered(String job, long lost);

        void written(int lines);

        void failed();

        void lost(long lines);
    }

    static final Duration FIRST_RETRY = Duration.ofMillis(250);
    static final Duration LAST_RETRY = Duration.ofSeconds(5);
    static final Duration MAY_TAKE = Duration.ofSeconds(10);
    static final Duration STAYS_OPEN = Duration.ofSeconds(30);

    /** So long in all a workspace that is well but slow may hold up the others, until it has caught up. */
    static final Duration MAY_HOLD_UP = Duration.ofSeconds(2);

    /** A workspace that is well may be left with this many times what may wait: all that was held back, at once. */
    private static final int ROOM_WHEN_WELL = 3;

    private static final String TOO_SLOW = "the workspace is slower than the events of the job";

    /** Bytes that are written in one step at most. */
    private static final long MAX_BATCH_BYTES = 1L << 20;

    /** What a line costs while it waits, besides its bytes. */
    private static final int OVERHEAD_BYTES = 32;

    private enum State {
        IDLE,
        WRITING,
        WAITING
    }

    private final String job;
    private final LineFile file;
    private final long maxPendingBytes;
    private final Executor pool;
    private final BiConsumer<Runnable, Duration> later;
    private final Ticker ticker;
    private final AtomicLong pendingOfAll;
    private final Listener listener;

    private final Deque<byte[]> pending = new ArrayDeque<>();
    private State state = State.IDLE;
    private long pendingBytes;
    private List<byte[]> batch = List.of();
    private Duration nextRetry = FIRST_RETRY;
    private long busySince;
    private boolean holding;
    private long heldAt;
    private long heldUpNanos;
    private long lost;
    private long lostSaid;
    private @Nullable String fault;
    private @Nullable Runnable closed;

    /**
     * @param maxPendingBytes what may wait while the workspace fails; beyond that the oldest lines are lost
     * @param pool runs what writes
     * @param later runs something after a while
     * @param pendingOfAll counts the bytes that wait over all timelines
     */
    JobTimeline(
            String job,
            LineFile file,
            long maxPendingBytes,
            Executor pool,
            BiConsumer<Runnable, Duration> later,
            Ticker ticker,
            AtomicLong pendingOfAll,
            Listener listener) {
        this.job = job;
        this.file = file;
        this.maxPendingBytes = maxPendingBytes;
        this.pool = pool;
        this.later = later;
        this.ticker = ticker;
        this.pendingOfAll = pendingOfAll;
        this.listener = listener;
    }

    /** Adds a line and answers how many bytes wait; {@link #wake} has it written. */
    long add(byte[] line) {
        long waiting;
        long room;
        synchronized (this) {
            pending.add(line);
            account(cost(line));
            waiting = pendingBytes;
            room = fault == null ? ROOM_WHEN_WELL * maxPendingBytes : maxPendingBytes;
        }
        drop(room);
        return waiting;
    }

    /**
     * Whether no more lines should come for a moment: more than {@code mark} bytes wait, and the workspace is well. One
     * that holds up the others for too long is well no longer.
     */
    boolean holdsUp(long mark) {
        long gone;
        synchronized (this) {
            long now = ticker.nanos();
            heldUpNanos += holding ? now - heldAt : 0;
            heldAt = now;
            holding = fault == null && pendingBytes > (holding ? mark / 2 : mark);
            if (!holding || heldUpNanos <= MAY_HOLD_UP.toNanos()) {
                return holding;
            }
            holding = false;
            fault = TOO_SLOW;
            lostSaid = lost;
            gone = lost;
        }
        listener.degraded(job, TOO_SLOW, gone);
        return false;
    }

    /** Has what waits written, unless that is being done. */
    void wake() {
        start(State.IDLE, false);
    }

    /** Lets go of the older half of what waits. */
    void shed() {
        drop(pendingBytes() / 2);
    }

    /** Bytes that wait, those included that are just being written. */
    synchronized long pendingBytes() {
        return pendingBytes;
    }

    /** Why lines are not being written; null if they are. */
    synchronized @Nullable String fault() {
        return fault;
    }

    /** Looks after a file that nobody has written to for long, or that a write does not come back from. */
    void tend() {
        boolean idle;
        boolean stuck;
        synchronized (this) {
            long since = ticker.nanos() - busySince;
            idle = state == State.IDLE && file.isOpen() && since > STAYS_OPEN.toNanos();
            stuck = state == State.WRITING && fault == null && since > MAY_TAKE.toNanos();
        }
        if (idle) {
            start(State.IDLE, true);
        } else if (stuck) {
            degrade("the workspace does not answer");
        }
    }

    /** Writes what waits, once; what then still waits is lost. {@code whenClosed} runs at the end of it. */
    void close(Runnable whenClosed) {
        synchronized (this) {
            closed = whenClosed;
        }
        start(State.WAITING, true);
        start(State.IDLE, true);
    }

    private void start(State from, boolean evenWithoutLines) {
        synchronized (this) {
            if (state != from || (pending.isEmpty() && !evenWithoutLines)) {
                return;
            }
            state = State.WRITING;
            busySince = ticker.nanos();
        }
        try {
            pool.execute(this::write);
        } catch (RejectedExecutionException stopped) {
            giveUp();
        }
    }

    private void write() {
        List<byte[]> lines = take();
        try {
            if (lines.isEmpty()) {
                file.close();
            } else {
                file.write(lines);
                listener.written(lines.size());
            }
        } catch (IOException | RuntimeException failure) {
            listener.failed();
            failed(Reasons.of(failure));
            return;
        }
        succeeded();
    }

    private synchronized List<byte[]> take() {
        List<byte[]> lines = new ArrayList<>();
        long bytes = 0;
        while (!pending.isEmpty() && (lines.isEmpty() || bytes + pending.element().length < MAX_BATCH_BYTES)) {
            byte[] line = pending.remove();
            bytes += line.length;
            lines.add(line);
        }
        batch = lines;
        return lines;
    }

    private void succeeded() {
        boolean healed;
        boolean more;
        long gone;
        Runnable end;
        synchronized (this) {
            batch.forEach(line -> account(-cost(line)));
            more = !pending.isEmpty();
            healed = fault != null && !more && !batch.isEmpty();
            batch = List.of();
            state = State.IDLE;
            nextRetry = FIRST_RETRY;
            heldUpNanos = more ? heldUpNanos : 0;
            gone = lost;
            if (healed) {
                fault = null;
                lost = 0;
                lostSaid = 0;
            }
            end = more || file.isOpen() ? null : closed;
        }
        if (healed) {
            listener.recovered(job, gone);
        }
        if (end != null) {
            end.run();
        } else {
            start(State.IDLE, isClosing());
        }
    }

    private void failed(String reason) {
        Duration wait;
        boolean closing;
        synchronized (this) {
            for (int i = batch.size() - 1; i >= 0; i--) {
                pending.addFirst(batch.get(i));
            }
            batch = List.of();
            state = State.WAITING;
            wait = nextRetry;
            Duration doubled = nextRetry.multipliedBy(2);
            nextRetry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
            closing = closed != null;
        }
        degrade(reason);
        if (closing) {
            giveUp();
            return;
        }
        drop(maxPendingBytes);
        try {
            later.accept(() -> start(State.WAITING, true), wait);
        } catch (RejectedExecutionException stopped) {
            giveUp();
        }
    }

    /** The end of a timeline whose file takes nothing: what waits is lost. */
    private void giveUp() {
        synchronized (this) {
            // The last word on what is lost, whatever was said before.
            lostSaid = 0;
        }
        drop(0);
        Runnable end;
        synchronized (this) {
            state = State.IDLE;
            end = closed;
        }
        if (end != null) {
            end.run();
        }
    }

    private synchronized boolean isClosing() {
        return closed != null;
    }

    private void degrade(String reason) {
        long gone;
        synchronized (this) {
            if (fault != null) {
                fault = reason;
                return;
            }
            fault = reason;
            gone = lost;
            lostSaid = lost;
        }
        listener.degraded(job, reason, gone);
    }

    /** Lets go of the oldest lines until {@code room} suffices, and says so once until all is well again. */
    private void drop(long room) {
        long dropped = 0;
        String said = null;
        long gone;
        synchronized (this) {
            while (pendingBytes > room && !pending.isEmpty()) {
                account(-cost(pending.remove()));
                dropped++;
            }
            if (dropped == 0) {
                return;
            }
            lost += dropped;
            gone = lost;
            if (lostSaid == 0) {
                lostSaid = lost;
                fault = fault == null ? TOO_SLOW : fault;
                said = fault;
            }
        }
        listener.lost(dropped);
        if (said != null) {
            listener.degraded(job, said, gone);
        }
    }

    private void account(long bytes) {
        pendingBytes += bytes;
        pendingOfAll.addAndGet(bytes);
    }

    private static long cost(byte[] line) {
        return line.length + OVERHEAD_BYTES;
    }
}
