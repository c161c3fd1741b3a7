package io.observer.web.express;

import io.netty.util.concurrent.EventExecutor;

/** Runs what belongs onto a connection's event loop there. */
final class EventLoops {

    private EventLoops() {}

    /** At once if this is the loop already. */
    static void run(EventExecutor loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
