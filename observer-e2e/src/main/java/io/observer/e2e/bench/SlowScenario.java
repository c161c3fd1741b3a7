package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One of many readers stops reading for a while. Compares how the others fare with a run in which nobody stops, and
 * looks at what the one is told when it reads on.
 */
final class SlowScenario {

    private static final int READERS = 100;
    private static final int RATE = 400;

    /** The server closes a stream whose reader takes nothing for longer than 30 s. */
    private static final int MAX_SECONDS = 20;

    /** Little enough that the server soon notices, whatever the system would be willing to hold. */
    private static final int RECEIVE_BYTES = 64 * 1024;

    private SlowScenario() {}

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            return measure(options, target, loop);
        }
    }

    private static Result measure(BenchOptions options, Target target, ClientLoop loop) throws IOException {
        String job = Payload.newJob();
        Subscription subscription = Subscription.live(job);
        SseReaders one = new SseReaders(loop, target, subscription, 1, RECEIVE_BYTES);
        SseReaders others = new SseReaders(loop, target, subscription, options.readersOr(READERS) - 1);
        EventPublisher publisher = new EventPublisher(loop, target, job);
        int rate = options.rateOr(RATE);
        SteadyRate steady = new SteadyRate(loop, others, publisher, rate);
        int events = rate * Math.min(options.seconds(), MAX_SECONDS);

        one.open();
        others.open();
        steady.publish(rate * options.warmup());
        Latencies before = steady.publish(events);
        Long memoryBefore = target.memoryKiB();
        long last = publisher.lastSequence() + events;
        one.expect(last);
        one.stop();
        Meter meter = Meter.start(target, loop);
        Latencies during = steady.publish(events);
        Meter.Cost cost = meter.stop();
        Long memoryDuring = target.memoryKiB();
        one.readOn();
        loop.runUntil(one::haveIt, System.nanoTime() + ClientLoop.PATIENCE);

        Losses told = one.losses(last);
        Losses losses = others.losses(last);
        List<String> faults = new ArrayList<>();
        told.brokenPromises().forEach(fault -> faults.add("the one that stopped: " + fault));
        losses.faults().forEach(fault -> faults.add("the others: " + fault));
        faults.addAll(cost.faults());
        Result.Builder result = Result.of(Scenario.SLOW)
                .count("readers", others.size() + 1)
                .count("rate", rate)
                .count("events while one stops", events)
                .latencies("before ", before)
                .latencies("others ", during)
                .mebibytes("memory before", memoryBefore)
                .mebibytes("memory after", memoryDuring)
                .count("told in gaps", told.gaps())
                .count("told as dropped", told.dropped());
        return losses.addTo(cost.addTo(result)).faults(faults);
    }
}
