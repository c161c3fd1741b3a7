package io.observer.e2e.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A steady rate of events to many readers. The time of a delivery counts from when its event was due, so that a
 * server that holds up its publisher gains nothing by it.
 */
final class FanoutScenario {

    private static final int READERS = 1_000;

    private final ClientLoop loop;
    private final Target target;
    private final SseReaders readers;
    private final EventPublisher publisher;
    private final int rate;

    private FanoutScenario(ClientLoop loop, Target target, int readers, int rate) {
        String job = Payload.newJob();
        this.loop = loop;
        this.target = target;
        this.readers = new SseReaders(loop, target, job, readers);
        this.publisher = new EventPublisher(loop, target, job);
        this.rate = rate;
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            int readers = options.readersOr(READERS);
            return new FanoutScenario(loop, target, readers, options.rate()).measure(options.seconds());
        }
    }

    private Result measure(int seconds) throws IOException {
        readers.open();
        int events = rate * seconds;
        publish(new Window(publisher.lastSequence() + 1, System.nanoTime(), events));

        Double cpuBefore = target.cpuSeconds();
        Window window = new Window(publisher.lastSequence() + 1, System.nanoTime(), events);
        publish(window);
        double elapsed = (System.nanoTime() - window.start) / 1e9;
        Double cpu = since(cpuBefore, target.cpuSeconds());

        Losses losses = readers.losses(publisher.lastSequence());
        return losses.addTo(Result.of(Scenario.FANOUT)
                        .count("readers", readers.size())
                        .count("rate", rate)
                        .seconds("elapsed", elapsed)
                        .count("expected", (long) readers.size() * events)
                        .count("delivered", window.latencies.total())
                        .latencies(window.latencies)
                        .seconds("server cpu", cpu)
                        .per("deliveries per cpu-second", window.latencies.total(), cpu))
                .faults(losses.faults());
    }

    private void publish(Window window) throws IOException {
        readers.onDelivery(window::delivered);
        readers.expect(window.first + window.events - 1);
        int sent = 0;
        while (sent < window.events) {
            loop.runUntil(window.due(sent));
            awaitAnswer();
            // What has become due meanwhile leaves together, as a publisher's own buffer would do it.
            int due = (int) Math.min(window.events, (System.nanoTime() - window.start) / window.interval() + 1);
            int count = Math.min(due - sent, EventPublisher.MAX_BATCH);
            publisher.publish(count);
            sent += count;
        }
        awaitAnswer();
        // A loss shows in the sequences, so running out of patience here is no error by itself.
        loop.runUntil(readers::haveIt, System.nanoTime() + ClientLoop.PATIENCE);
    }

    private void awaitAnswer() throws IOException {
        if (!loop.runUntil(publisher::isIdle, System.nanoTime() + ClientLoop.PATIENCE)) {
            throw new IOException("the server does not answer a publish");
        }
    }

    private static @Nullable Double since(@Nullable Double before, @Nullable Double after) {
        return before == null || after == null ? null : after - before;
    }

    /** A run of events at the scenario's rate, and how long their deliveries took. */
    private final class Window {

        private final long first;
        private final long start;
        private final int events;
        private final Latencies latencies = new Latencies();

        Window(long first, long start, int events) {
            this.first = first;
            this.start = start;
            this.events = events;
        }

        long interval() {
            return TimeUnit.SECONDS.toNanos(1) / rate;
        }

        long due(long index) {
            return start + index * interval();
        }

        /** Late ones of the run before belong there. */
        void delivered(long sequence, long now) {
            if (sequence >= first) {
                latencies.add(now - due(sequence - first));
            }
        }
    }
}
