package io.observer.web.push;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.concurrent.Queues;

/**
 * The streams of one event loop, served in passes: at once when the loop was quiet, and otherwise so far apart as they
 * cost, so that what arrives between two passes leaves each stream in one write.
 */
public final class StreamLoop implements Runnable {

    /** A stream of this loop. Its methods are called on the loop's thread. */
    abstract static class Member {

        private long servedIn;

        /** Writes what there is to say. */
        abstract void pass();

        /** Lets go of a client that has taken nothing for too long. */
        abstract void closeIfStalled();
    }

    private static final Logger log = LoggerFactory.getLogger(StreamLoop.class);

    /** Streams served before the loop may turn to other work, such as reading requests. */
    private static final int SLICE = 128;

    private static final Duration STALL_CHECKS = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Pace pace;
    private final Queue<Member> ready = Queues.<Member>unboundedMultiproducer().get();
    private final Queue<Member> served = new ArrayDeque<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Set<Member> streams = new HashSet<>();
    private long pass;
    private long began;
    private boolean checking;

    /** @param linger how far apart passes are at most, while they come one after another */
    public StreamLoop(EventLoop loop, Duration linger) {
        this.loop = loop;
        this.pace = new Pace(linger.toNanos(), now());
    }

    /** Serves {@code stream} in the next pass; any thread. Asked for once until then. */
    void add(Member stream) {
        ready.add(stream);
        schedule();
    }

    /** From now on clients that take nothing are noticed. The loop's thread only, as for {@link #left}. */
    void joined(Member stream) {
        streams.add(stream);
        if (!checking) {
            checking = true;
            checkLater();
        }
    }

    void left(Member stream) {
        streams.remove(stream);
    }

    /**
     * One slice of a pass. Whoever asks meanwhile still has a turn in it, since an event comes to its readers one after
     * another; but not a second one.
     */
    @Override
    public void run() {
        for (int turn = 0; turn < SLICE; turn++) {
            Member stream = ready.poll();
            if (stream == null) {
                rest();
                return;
            }
            if (stream.servedIn == pass) {
                served.add(stream);
            } else {
                stream.servedIn = pass;
                serve(stream);
            }
        }
        loop.execute(this);
    }

    /** A stream sees to its own failures; whatever it lets through must not mute the others. */
    private static void serve(Member stream) {
        try {
            stream.pass();
        } catch (RuntimeException | Error failure) {
            log.error("A stream could not be served.", failure);
        }
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::beginWhenDue);
        }
    }

    private void beginWhenDue() {
        long wait = pace.untilDue(now());
        if (wait > 0) {
            loop.schedule(this::begin, wait, TimeUnit.NANOSECONDS);
        } else {
            begin();
        }
    }

    private void begin() {
        began = now();
        pass++;
        run();
    }

    private void rest() {
        pace.passed(began, now());
        ready.addAll(served);
        served.clear();
        scheduled.set(false);
        if (!ready.isEmpty()) {
            schedule();
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private void checkLater() {
        loop.schedule(this::check, STALL_CHECKS.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void check() {
        Set.copyOf(streams).forEach(Member::closeIfStalled);
        checking = !streams.isEmpty();
        if (checking) {
            checkLater();
        }
    }
}
