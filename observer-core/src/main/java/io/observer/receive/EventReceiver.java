package io.observer.receive;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings events from elsewhere into the log, from {@link #start} to {@link #close}, on threads of its own. */
public interface EventReceiver extends AutoCloseable {

    /** The name of the source in streams, events and metrics. */
    String source();

    /** Begins; call once. */
    void start();

    /** Why nothing comes right now, in a sentence; null while the source is connected. Any thread; does not block. */
    @Nullable
    String fault();

    /** The epochs of the logs whose events come through it now, as far as they are known. Any thread. */
    Set<String> upstream();

    /** What was received so far. */
    ReceiverMetrics metrics();

    /** Ends for good, and waits for an append that is under way. */
    @Override
    void close();
}
