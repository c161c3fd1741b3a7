package io.observer.receive;

import java.io.IOException;
import java.util.List;

/**
 * How the events of a daemon are had, over any number of connections. On the receiver's thread, which may wait; an end of
 * the log is a {@link io.observer.log.LogClosedException}.
 */
sealed interface Subscription permits PlainSubscription, ResumedSubscription {

    /**
     * Subscribes on a new connection, and sees to what was missed before.
     *
     * @throws IOException if the daemon cannot be understood
     */
    void begin(SocketLines lines) throws IOException, InterruptedException;

    /**
     * Takes what came since, at least one line.
     *
     * @throws IOException if the daemon ended the subscription
     */
    void take(List<byte[]> lines) throws IOException, InterruptedException;

    /** Nothing more is taken. */
    void end();
}
