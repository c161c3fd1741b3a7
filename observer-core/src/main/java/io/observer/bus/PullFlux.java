package io.observer.bus;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/** Drives a {@link Pullable} as a {@code Flux}: it is polled only when there is demand, so it sees real backpressure. */
public final class PullFlux {

    private PullFlux() {}

    /**
     * A flux that opens its own source for each subscriber.
     *
     * <p>Order: as polled. When slow: nothing is polled. On reconnect: a new source. When it ends: with the source; its
     * {@code close} is called in every case.
     *
     * @param open makes the source; it is given what to run whenever polling may yield again, from any thread
     * @param scheduler runs the polling and the subscriber
     */
    public static <T> Flux<T> of(Function<Runnable, Pullable<T>> open, Scheduler scheduler) {
        // Not push: that tells of the first demand only.
        return Flux.create(
                sink -> new Drive<>(sink, scheduler.createWorker()).start(open), FluxSink.OverflowStrategy.ERROR);
    }

    private static final class Drive<T> implements Runnable {

        /** Items a run emits at most, so that many subscribers on one thread take turns. */
        private static final int MAX_RUN = 256;

        private final FluxSink<T> sink;
        private final Scheduler.Worker worker;
        private final AtomicInteger wip = new AtomicInteger(1);

        private Pullable<T> source = new Unopened<>();

        Drive(FluxSink<T> sink, Scheduler.Worker worker) {
            this.sink = sink;
            this.worker = worker;
        }

        void start(Function<Runnable, Pullable<T>> open) {
            try {
                source = open.apply(this::wake);
            } catch (RuntimeException failure) {
                worker.dispose();
                throw failure;
            }
            sink.onDispose(this::dispose);
            sink.onRequest(demand -> wake());
            schedule();
        }

        @Override
        public void run() {
            try {
                drain();
            } catch (RuntimeException failure) {
                sink.error(failure);
            }
        }

        private void drain() {
            int seen = wip.get();
            do {
                for (int n = 0; sink.requestedFromDownstream() > 0 && !sink.isCancelled(); n++) {
                    if (n == MAX_RUN) {
                        schedule();
                        return;
                    }
                    T item = source.poll();
                    if (item == null) {
                        break;
                    }
                    sink.next(item);
                }
                if (source.isDone()) {
                    sink.complete();
                }
                seen = wip.addAndGet(-seen);
            } while (seen != 0);
        }

        private void wake() {
            if (wip.getAndIncrement() == 0) {
                schedule();
            }
        }

        private void schedule() {
            try {
                worker.schedule(this);
            } catch (RejectedExecutionException stopped) {
                sink.complete();
            }
        }

        private void dispose() {
            source.close();
            worker.dispose();
        }
    }

    /** Stands in until the real source is there; never polled. */
    private static final class Unopened<T> implements Pullable<T> {

        @Override
        public T poll() {
            throw new IllegalStateException("polled before it was opened");
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public void close() {}
    }
}
