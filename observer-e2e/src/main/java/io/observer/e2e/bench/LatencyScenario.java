package io.observer.e2e.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * One event at a time: the next is published only when every reader has the last one and the server has rested. A
 * round takes from before the POST is written until the last reader has the event.
 */
final class LatencyScenario {

    private static final int READERS = 100;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

    private LatencyScenario() {}

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            return measure(options, target, loop);
        }
    }

    private static Result measure(BenchOptions options, Target target, ClientLoop loop) throws IOException {
        String job = Payload.newJob();
        SseReaders readers = new SseReaders(loop, target, Subscription.live(job), options.readersOr(READERS));
        EventPublisher publisher = new EventPublisher(loop, target, job);
        Latencies latencies = new Latencies();

        readers.open();
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.warmup());
        while (System.nanoTime() < warm) {
            publisher.publishTo(readers);
        }
        Meter meter = Meter.start(target, loop);
        long rounds = TimeUnit.SECONDS.toNanos(options.seconds()) / INTERVAL;
        for (int i = 0; i < rounds; i++) {
            loop.runUntil(System.nanoTime() + INTERVAL);
            latencies.add(publisher.publishTo(readers));
        }
        Meter.Cost cost = meter.stop();
        Losses losses = readers.losses(publisher.lastSequence());
        Result.Builder result = Result.of(Scenario.LATENCY)
                .count("readers", readers.size())
                .count("rounds", rounds)
                .latencies("", latencies);
        return losses.addTo(cost.addTo(result)).faults(losses.faults());
    }
}
