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

    private final ClientLoop loop;
    private final SseReaders readers;
    private final EventPublisher publisher;
    private final Latencies latencies = new Latencies();

    private LatencyScenario(ClientLoop loop, Target target, int readers) {
        String job = Payload.newJob();
        this.loop = loop;
        this.readers = new SseReaders(loop, target, job, readers);
        this.publisher = new EventPublisher(loop, target, job);
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            return new LatencyScenario(loop, target, options.readersOr(READERS)).measure(options.seconds());
        }
    }

    private Result measure(int seconds) throws IOException {
        readers.open();
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < warm) {
            round();
        }
        long rounds = TimeUnit.SECONDS.toNanos(seconds) / INTERVAL;
        for (int i = 0; i < rounds; i++) {
            loop.runUntil(System.nanoTime() + INTERVAL);
            latencies.add(round());
        }
        Losses losses = readers.losses(publisher.lastSequence());
        return losses.addTo(Result.of(Scenario.LATENCY)
                        .count("readers", readers.size())
                        .count("rounds", rounds)
                        .latencies(latencies))
                .faults(losses.faults());
    }

    private long round() throws IOException {
        long sent = System.nanoTime();
        readers.expect(publisher.lastSequence() + 1);
        publisher.publish(1);
        if (!loop.runUntil(() -> readers.haveIt() && publisher.isIdle(), sent + ClientLoop.PATIENCE)) {
            throw new IOException("event " + publisher.lastSequence() + " has not reached all readers after "
                    + TimeUnit.NANOSECONDS.toSeconds(ClientLoop.PATIENCE) + " s: " + readers.progress());
        }
        return readers.lastHadItAt() - sent;
    }
}
