package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A steady rate of events to many readers. */
final class FanoutScenario {

    private static final int READERS = 1_000;
    private static final int RATE = 40;

    private FanoutScenario() {}

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
        int rate = options.rateOr(RATE);
        SteadyRate steady = new SteadyRate(loop, readers, publisher, rate);
        int events = rate * options.seconds();

        readers.open();
        steady.publish(rate * options.warmup());
        Meter meter = Meter.start(target, loop);
        Latencies latencies = steady.publish(events);
        Meter.Cost cost = meter.stop();

        Losses losses = readers.losses(publisher.lastSequence());
        Result.Builder result = Result.of(Scenario.FANOUT)
                .count("readers", readers.size())
                .count("rate", rate)
                .seconds("elapsed", cost.elapsed())
                .count("expected", (long) readers.size() * events)
                .count("delivered", latencies.total())
                .latencies("", latencies);
        cost.addTo(result).per("deliveries per cpu-second", latencies.total(), cost.serverCpu());
        List<String> faults = new ArrayList<>(losses.faults());
        faults.addAll(cost.faults());
        return losses.addTo(result).faults(faults);
    }
}
