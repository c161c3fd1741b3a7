package io.observer.log;

import java.util.ArrayDeque;
import java.util.Queue;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A thread that does nothing until a test lets it run. */
public final class HeldScheduler {

    private final Queue<Runnable> held = new ArrayDeque<>();
    private final Scheduler scheduler = Schedulers.fromExecutor(this::hold);

    public Scheduler scheduler() {
        return scheduler;
    }

    /** Runs what has been held, and what that brings; answers how many tasks that were. */
    public int release() {
        int tasks = 0;
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
            tasks++;
        }
        return tasks;
    }

    private synchronized void hold(Runnable task) {
        held.add(task);
    }

    private synchronized Runnable next() {
        return held.poll();
    }
}
