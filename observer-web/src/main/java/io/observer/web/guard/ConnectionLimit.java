package io.observer.web.guard;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts connections, and turns away those for which there is no room: with an answer, as long as few wait for theirs.
 * Any thread.
 */
public final class ConnectionLimit {

    /** Connections that may wait for a refusal; each has a file descriptor for as long. */
    private static final int MOST_REFUSALS_AT_ONCE = 32;

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    /** @param most connections that may be open at once */
    public ConnectionLimit(int most) {
        this.most = most;
    }

    /** Connections that may be open at once. */
    public int most() {
        return most;
    }

    public int open() {
        return open.get();
    }

    /** Connections turned away since the start. */
    public long refused() {
        return refused.get();
    }

    /** Whether a connection that was just made may stay; if not, it is taken care of. */
    public boolean admits(Channel channel) {
        if (takes(channel, open, most)) {
            return true;
        }
        refused.incrementAndGet();
        if (takes(channel, refusals, MOST_REFUSALS_AT_ONCE)) {
            channel.pipeline().addFirst(new TurnedAway());
        } else {
            channel.close();
        }
        return false;
    }

    private static boolean takes(Channel channel, AtomicInteger count, int most) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        channel.closeFuture().addListener(closed -> count.decrementAndGet());
        return true;
    }
}
