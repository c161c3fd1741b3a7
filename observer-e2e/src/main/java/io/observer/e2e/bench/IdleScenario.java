package io.observer.e2e.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Very many readers to whom nothing happens, until one event does. */
final class IdleScenario {

    private static final int READERS = 10_000;

    /** Open before the first look at the memory, so that classes and code loaded for them are not counted. */
    private static final int FIRST = 100;

    private static final int ROUNDS = 10;
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(500);

    private IdleScenario() {}

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            return measure(options, target, loop);
        }
    }

    private static Result measure(BenchOptions options, Target target, ClientLoop loop) throws IOException {
        String job = Payload.newJob();
        EventPublisher publisher = new EventPublisher(loop, target, job);
        SseReaders first = new SseReaders(loop, target, Subscription.live(Payload.newJob()), FIRST);
        first.open();
        first.close();
        loop.runUntil(System.nanoTime() + REST);

        Long memoryBefore = target.memoryKiB();
        SseReaders readers = new SseReaders(loop, target, Subscription.live(job), options.readersOr(READERS));
        Meter opening = Meter.start(target, loop);
        readers.open();
        Meter.Cost opened = opening.stop();
        loop.runUntil(System.nanoTime() + REST);
        Long memoryAfter = target.memoryKiB();

        Latencies latencies = new Latencies();
        Meter meter = Meter.start(target, loop);
        int rounds = Math.min(ROUNDS, options.seconds());
        for (int i = 0; i < rounds; i++) {
            latencies.add(publisher.publishTo(readers));
            loop.runUntil(System.nanoTime() + REST);
        }
        Meter.Cost cost = meter.stop();
        Losses losses = readers.losses(publisher.lastSequence());
        Long grown = memoryBefore == null || memoryAfter == null ? null : memoryAfter - memoryBefore;
        Result.Builder result = Result.of(Scenario.IDLE)
                .count("readers", readers.size())
                .per("opened per second", readers.size(), opened.elapsed())
                .per("opened per cpu-second", readers.size(), opened.serverCpu())
                .mebibytes("memory grown", grown)
                .kibibytes("memory of each", grown == null ? null : (double) grown / readers.size())
                .count("rounds", rounds)
                .millis("last has it median", latencies.percentile(50))
                .millis("last has it max", latencies.max());
        return losses.addTo(cost.addTo(result)).faults(losses.faults());
    }
}
