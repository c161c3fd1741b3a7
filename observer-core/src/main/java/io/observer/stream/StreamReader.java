package io.observer.stream;

import io.observer.bus.BusSignal;
import io.observer.bus.BusSubscription;
import io.observer.bus.Pullable;
import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.job.JobSummary;
import io.observer.log.Gap;
import io.observer.log.LogPage;
import io.observer.log.LogPosition;
import io.observer.log.PageLimit;
import io.observer.stream.StreamMetrics.ResumeResult;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader: a cursor that moves through the log and then along the bus, polled for what to say next.
 *
 * <p>Order: the log's, each wanted event once. When slow: nothing is read ahead; live events that do not fit its buffer
 * are dropped, oldest first, and a {@link StreamItem.Missed} says which before the next event; a lossless request has
 * them read from the log instead. On reconnect: a new reader starts after the cursor that the last one had reached. When it ends: after {@link StreamItem.JobFinished}
 * unless it follows, after {@link StreamItem.Stopped}, or when the log cannot be read.
 *
 * <p>Polled by one thread at a time; {@link #stop} and {@link #close} may come from any.
 */
public final class StreamReader implements Pullable<StreamItem> {

    private static final Logger log = LoggerFactory.getLogger(StreamReader.class);

    /** What is read from the log at a time, and so what one reader holds while it does not go on. */
    private static final PageLimit PAGE = new PageLimit(256, 256 * 1024);

    private enum Phase {
        STARTING,
        REPLAY,
        LIVE,
        ENDED
    }

    private final StreamRequest request;
    private final StreamContext context;
    private final ReaderWake wake;
    private final Silence silence;
    private final Fetch<Long> lastPosition;
    private final Fetch<Boolean> reached;
    private volatile Fetch<LogPage> pages;

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean stopping;
    private volatile @Nullable BusSubscription live;

    /** The newest of each source, until it is said. */
    private final Map<String, SourceNotice> notices = new ConcurrentHashMap<>();

    private final AtomicReference<@Nullable Rewind> rewind = new AtomicReference<>();

    private final Queue<StreamItem> due = new ArrayDeque<>();
    private Phase phase = Phase.STARTING;
    private @Nullable LogPage page;
    private Iterator<Event> pageEvents = Collections.emptyIterator();
    private long position;
    private long dropped;
    private long finishSaid;
    private boolean caughtUp;
    private boolean greeted;

    /** Whether the log cannot tell yet where this reader starts. */
    private volatile boolean waiting;

    StreamReader(StreamRequest request, StreamContext context, ReaderWake wake) {
        this.request = request;
        this.context = context;
        this.wake = wake;
        this.silence = new Silence(request.heartbeat(), context.timer(), context.ticker(), wake::now);
        this.pages = new Fetch<>(wake::now);
        this.lastPosition = new Fetch<>(wake::now);
        this.reached = new Fetch<>(wake::now);
    }

    @Override
    public @Nullable StreamItem poll() {
        boolean moved = true;
        while (due.isEmpty() && moved) {
            moved = advance();
        }
        StreamItem item = due.poll();
        if (item != null) {
            silence.end();
        }
        return item;
    }

    @Override
    public boolean isDone() {
        return phase == Phase.ENDED && due.isEmpty();
    }

    /** Ends the stream with {@link StreamItem.Stopped}, after the live events that already wait for the reader. */
    void stop() {
        stopping = true;
        wake.now();
    }

    /** Says, at the next opportunity, how a source does. */
    void tell(SourceNotice notice) {
        notices.put(notice.source(), notice);
        wake.now();
    }

    /** Has the log read again from its position, or from {@code to} when that is before it. */
    void rewind(Rewind to) {
        rewind.accumulateAndGet(to, (earlier, now) -> earlier == null ? now : earlier.and(now));
        wake.now();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            silence.cancel();
            pages.cancel();
            lastPosition.cancel();
            reached.cancel();
            BusSubscription subscription = live;
            if (subscription != null) {
                subscription.close();
            }
            context.closed().accept(this);
        }
    }

    /** Takes one step; false when there is nothing to do but wait. */
    private boolean advance() {
        if (stopping && phase != Phase.LIVE && phase != Phase.ENDED) {
            return end(new StreamItem.Stopped(position));
        }
        if (phase != Phase.STARTING && phase != Phase.ENDED && rewind.get() != null) {
            return goBack(rewind.getAndSet(null));
        }
        if (phase != Phase.STARTING && phase != Phase.ENDED && sayNotices()) {
            return true;
        }
        return switch (phase) {
            case STARTING -> start();
            case REPLAY -> replay();
            case LIVE -> listen();
            case ENDED -> false;
        };
    }

    /** Says how sources do, as far as it is their turn; false if there is nothing to say. */
    private boolean sayNotices() {
        if (notices.isEmpty()) {
            return false;
        }
        for (SourceNotice notice : notices.values()) {
            if (notice.after() <= position && notices.remove(notice.source(), notice)) {
                due.add(notice.at(position));
            }
        }
        return !due.isEmpty();
    }

    private boolean start() {
        StreamStart start = request.start();
        if (start instanceof StreamStart.Next) {
            return startLive();
        }
        if (start instanceof StreamStart.Last last) {
            return startBeforeLast(last.count());
        }
        if (start instanceof StreamStart.After after) {
            return startAtCursor(after.cursor());
        }
        if (start instanceof StreamStart.Resume resume) {
            return startAtCursor(Cursor.parse(resume.lastEventId()));
        }
        return startReplay(LogPosition.earliest(context.log()));
    }

    private boolean startLive() {
        BusSubscription subscription = subscribe();
        // Subscribed first, so whatever the head does not cover yet is in the buffer. Should that have overflowed
        // already, the head is further on and what was lost came before the stream began.
        do {
            position = context.log().bounds().lastId();
        } while (!subscription.skipTo(position));
        due.add(new StreamItem.Hello(position));
        caughtUp = true;
        phase = Phase.LIVE;
        return true;
    }

    private boolean startBeforeLast(int count) {
        Long before = lastPosition.take(() -> context.positionBeforeLast(count, request.filter(), this::waits));
        if (before == null) {
            return awaitStart(lastPosition, LogPosition.earliest(context.log()).after());
        }
        return startReplay(new LogPosition(before, null));
    }

    private boolean startAtCursor(@Nullable Cursor cursor) {
        if (cursor != null && !isAtHand(cursor) && reached.take(() -> context.reach(cursor, this::waits)) == null) {
            long before = cursor.isOf(context.log().epoch())
                    ? cursor.id()
                    : LogPosition.earliest(context.log()).after();
            return awaitStart(reached, before);
        }
        rewind.set(null);
        LogPosition found = cursor == null ? LogPosition.unknown(context.log()) : LogPosition.of(cursor, context.log());
        context.metrics().countResume(resultOf(found));
        return startReplay(found);
    }

    /** Whether this server has come to what a reader has seen: others, where it was, may be ahead. */
    private boolean isAtHand(Cursor cursor) {
        return cursor.isOf(context.log().epoch())
                && cursor.id() <= context.log().bounds().lastId();
    }

    private void waits() {
        waiting = true;
        wake.now();
    }

    /**
     * Waits for a log that is out of reach, as one that listens does: told of it, and kept awake.
     *
     * @param before a position that nothing the reader wants comes before
     */
    private boolean awaitStart(Fetch<?> answer, long before) {
        if (answer.failure() != null) {
            return fail(answer.failure());
        }
        if (!waiting) {
            return false;
        }
        position = before;
        return greet() || sayNotices() || beatWhenDue();
    }

    private boolean greet() {
        if (greeted) {
            return false;
        }
        greeted = true;
        return due.add(new StreamItem.Hello(position));
    }

    private ResumeResult resultOf(LogPosition found) {
        if (found.gap() != null) {
            return found.gap().reason() == Gap.Reason.EPOCH ? ResumeResult.EPOCH : ResumeResult.GAP;
        }
        return found.after() + 1 < context.log().bounds().firstId() ? ResumeResult.GAP : ResumeResult.HIT;
    }

    private boolean startReplay(LogPosition from) {
        position = from.after();
        greet();
        if (from.gap() != null) {
            miss(from.gap(), position);
        }
        phase = Phase.REPLAY;
        return true;
    }

    private boolean replay() {
        if (pageEvents.hasNext()) {
            deliver(pageEvents.next());
            return true;
        }
        if (page != null) {
            endPage(page);
            return true;
        }
        page = pages.take(() -> context.read(position, request.filter(), PAGE));
        if (page == null) {
            return pages.failure() == null ? beatWhenDue() : fail(pages.failure());
        }
        if (page.gap() != null) {
            miss(page.gap(), page.gap().to() == null ? position : page.gap().to());
        }
        pageEvents = page.events().iterator();
        return true;
    }

    private void endPage(LogPage read) {
        page = null;
        position = Math.max(position, read.covered());
        BusSubscription subscription = live;
        if (read.hasMore()) {
            return;
        }
        if (subscription == null) {
            // The head is near: listen from here, then read once more what came before that.
            subscribe();
        } else if (subscription.skipTo(position)) {
            if (!caughtUp) {
                due.add(new StreamItem.CaughtUp(position));
                caughtUp = true;
            }
            phase = Phase.LIVE;
        }
        // Otherwise the buffer overflowed meanwhile; the log has what it dropped, so read on.
    }

    private boolean goBack(@Nullable Rewind to) {
        BusSubscription subscription = live;
        if (subscription != null) {
            subscription.close();
            live = null;
        }
        pages.cancel();
        pages = new Fetch<>(wake::now);
        page = null;
        pageEvents = Collections.emptyIterator();
        phase = Phase.REPLAY;
        if (to != null) {
            position = Math.min(position, to.position());
            notices.replaceAll((source, notice) -> notice.noLaterThan(position));
            if (to.gap() != null) {
                miss(to.gap(), position);
            }
        }
        return true;
    }

    private boolean listen() {
        BusSubscription subscription = live;
        if (subscription == null) {
            return false;
        }
        long offeredThrough = subscription.offeredThrough();
        BusSignal signal = subscription.poll();
        if (signal instanceof BusSignal.Next next) {
            if (next.event().id() > position) {
                deliver(next.event());
            }
            return true;
        }
        if (signal instanceof BusSignal.Lost && request.lossless()) {
            phase = Phase.REPLAY;
            return true;
        }
        if (signal instanceof BusSignal.Lost lost) {
            miss(new Gap(Gap.Reason.SLOW, lost.from(), lost.to(), lost.count()), lost.to());
            return true;
        }
        position = Math.max(position, offeredThrough);
        return sayNotices() || whenQuiet(subscription);
    }

    private boolean whenQuiet(BusSubscription subscription) {
        if (stopping) {
            return end(new StreamItem.Stopped(position));
        }
        JobSummary finished = finishedJob();
        if (finished != null && position >= finished.lastId()) {
            finishSaid = finished.stateId();
            StreamItem said = new StreamItem.JobFinished(position, finished.jobId(), finished.state());
            return request.follow() ? due.add(said) : end(said);
        }
        // What is said next waits for an event on its way; if that is hidden, nothing else would wake this reader.
        long awaited = finished == null ? nextNotice() : Math.min(nextNotice(), finished.lastId());
        return awaited < Long.MAX_VALUE && subscription.wakeAt(awaited) || beatWhenDue();
    }

    /** Behind which event something is to be said of a source. */
    private long nextNotice() {
        if (notices.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return notices.values().stream().mapToLong(SourceNotice::after).min().orElse(Long.MAX_VALUE);
    }

    private boolean beatWhenDue() {
        return silence.isOver() && due.add(new StreamItem.Heartbeat(position, dropped));
    }

    /** The job of this stream, if it is over and this was not said yet. */
    private @Nullable JobSummary finishedJob() {
        if (request.job() == null) {
            return null;
        }
        JobSummary job = context.jobs().find(request.job()).orElse(null);
        boolean toSay = job != null && job.state().isFinished() && job.stateId() != finishSaid;
        return toSay ? job : null;
    }

    private BusSubscription subscribe() {
        BusSubscription subscription = context.bus().open(request.filter(), wake::soon);
        live = subscription;
        if (closed.get()) {
            subscription.close();
        }
        return subscription;
    }

    private void deliver(Event event) {
        position = event.id();
        due.add(new StreamItem.Delivered(event));
        context.metrics().countDelivered();
    }

    private void miss(Gap gap, long before) {
        position = Math.max(position, before);
        dropped += gap.dropped() == null ? 0 : gap.dropped();
        due.add(new StreamItem.Missed(position, gap));
        context.metrics().countDropped(gap.reason(), gap.dropped());
    }

    private boolean fail(Throwable reason) {
        log.warn("A stream ends because the log cannot be read. position={}", position, reason);
        phase = Phase.ENDED;
        return false;
    }

    private boolean end(StreamItem lastItem) {
        phase = Phase.ENDED;
        return due.add(lastItem);
    }
}
