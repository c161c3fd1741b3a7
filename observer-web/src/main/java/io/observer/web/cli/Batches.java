package io.observer.web.cli;

import java.util.List;

/** Events that wait to be sent, in order. */
interface Batches {

    /** The most bytes in one batch, unless a single event has more. */
    int MOST_BYTES = 1 << 20;

    /** The next batch; empty once nothing is left and nothing will come. */
    List<QueuedEvent> take() throws InterruptedException;

    /** No more will come; what is here may still be taken. */
    void close();
}
