package io.observer.receive;

import java.time.Duration;

/** Hears, on the receiver's thread, that a source went away or came back. Must not block. */
public interface SourceListener {

    /** Events come, or will as soon as there are any. */
    void connected(String source);

    /** @param retryIn when the next try is made */
    void disconnected(String source, Duration retryIn);
}
