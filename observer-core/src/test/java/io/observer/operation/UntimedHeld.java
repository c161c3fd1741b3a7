package io.observer.operation;

import io.observer.log.HeldScheduler;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A held thread on which nothing happens periodically. */
record UntimedHeld(HeldScheduler held) {

    Scheduler scheduler() {
        Scheduler other = held.scheduler();
        return new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                return other.schedule(task);
            }

            @Override
            public Worker createWorker() {
                return untimed(other.createWorker());
            }
        };
    }

    private static Scheduler.Worker untimed(Scheduler.Worker worker) {
        return new Scheduler.Worker() {
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
