package io.observer.e2e.nodes;

import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A reader that stays with no node for long, and takes the last id that it saw with it. */
final class HoppingReader implements Runnable {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final int LONGEST_MILLIS = 400;

    private final Nodes nodes;
    private final AtomicBoolean over;
    private final Random random;
    private final List<SseFrame> events = new ArrayList<>();
    private final List<SseFrame> gaps = new ArrayList<>();
    private @Nullable String lastId;
    private int hops;

    HoppingReader(int number, Nodes nodes, AtomicBoolean over) {
        this.nodes = nodes;
        this.over = over;
        this.random = new Random(number);
    }

    @Override
    public void run() {
        while (!over.get()) {
            hop(SHORTEST.plusMillis(random.nextInt(LONGEST_MILLIS)), Long.MAX_VALUE);
        }
    }

    /** Hops on until it has seen the event of this id. */
    void readThrough(long id) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (newest() < id) {
            if (System.nanoTime() > end) {
                throw new AssertionError("event " + id + " did not come; the newest is " + newest());
            }
            hop(Duration.ofSeconds(1), id);
        }
    }

    List<SseFrame> events() {
        return events;
    }

    List<SseFrame> gaps() {
        return gaps;
    }

    int hops() {
        return hops;
    }

    private long newest() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).eventId();
    }

    /** Stays with a node for a while, or until the event of this id is there. */
    private void hop(Duration stay, long through) {
        hops++;
        String target = lastId == null ? "/v1/events/stream?since=earliest" : "/v1/events/stream";
        String[] header = lastId == null ? new String[0] : new String[] {"Last-Event-ID: " + lastId};
        try (SseRecorder stream = SseRecorder.open(nodes.alive(random.nextInt(100)), target, header)) {
            long end = System.nanoTime() + stay.toNanos();
            List<SseFrame> frames = stream.frames();
            while (System.nanoTime() < end && frames.stream().noneMatch(f -> f.isEvent() && f.eventId() == through)) {
                LockSupport.parkNanos(SHORTEST.toNanos());
                frames = stream.frames();
            }
            frames.forEach(this::take);
        } catch (RuntimeException | AssertionError dead) {
            // Its node was killed before it had answered: the next one has the same.
        }
    }

    private void take(SseFrame frame) {
        if (frame.isEvent()) {
            events.add(frame);
        } else if (frame.is("gap")) {
            gaps.add(frame);
        }
        lastId = frame.id() == null ? lastId : frame.id();
    }
}
