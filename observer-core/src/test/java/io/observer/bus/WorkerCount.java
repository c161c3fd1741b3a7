package io.observer.bus;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler that knows how many of its workers have not been given back. */
final class WorkerCount implements Scheduler {

    private final Scheduler scheduler;
    private final AtomicInteger inUse = new AtomicInteger();

    WorkerCount(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    int inUse() {
        return inUse.get();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(task);
    }

    @Override
    public Worker createWorker() {
        inUse.incrementAndGet();
        return new CountedWorker(scheduler.createWorker());
    }

    private final class CountedWorker implements Worker {

        private final Worker worker;

        CountedWorker(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(task);
        }

        @Override
        public void dispose() {
            if (!worker.isDisposed()) {
                worker.dispose();
                inUse.decrementAndGet();
            }
        }
    }
}
