package io.observer.log;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs tasks where another scheduler does, and never runs periodic ones: in a contract test no time passes. */
record UntimedScheduler(Scheduler other) implements Scheduler {

    @Override
    public Disposable schedule(Runnable task) {
        return other.schedule(task);
    }

    @Override
    public Worker createWorker() {
        Worker worker = other.createWorker();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return worker.schedule(task);
            }

            @Override
            public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
                return Disposables.disposed();
            }

            @Override
            public void dispose() {
                worker.dispose();
            }
        };
    }
}
