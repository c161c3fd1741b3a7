package io.observer.receive;

import java.io.IOException;
import java.util.List;

/**
 * How the events of a daemon are had, over any number of connections. On the receiver's thread, which may wait; an end of
 * the log is a {@link io.observer.log.LogClosedException}.
 */
sealed interface Subscription permits PlainSubscription, ResumedSubscription {

    /**
     * Subscribes on a new connection.
     *
     * @param health what the daemon said of itself just before
     * @throws IOException if the daemon cannot be understood
     */
    void begin(SocketLines lines, DaemonHealth health) throws IOException, InterruptedException;

    /**
     * Takes what came since, and before that sees to what was missed, if that is to be asked for.
     *
     * @param lines none if nothing came for a while
     * @return whether there was an event in them
     * @throws IOException if the daemon ended the subscription
     */
    boolean take(List<byte[]> lines) throws IOException, InterruptedException;

    /** Whether the daemon is an Observer too. */
    boolean isResumable();

    /** Whether the log has what was missed before, as far as it can be had. */
    boolean isCaughtUp();

    /** Nothing more is taken. */
    void end();
}
