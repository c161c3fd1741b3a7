package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Publishers that send the next request as soon as the last is answered, while nobody listens. */
final class IngestScenario {

    private static final int BATCH = 100;
    private static final int BATCH_PUBLISHERS = 4;
    private static final int SINGLE_PUBLISHERS = 16;

    private final BenchOptions options;
    private final ClientLoop loop;
    private final Target target;
    private final Result.Builder result = Result.of(Scenario.INGEST);
    private final List<String> faults = new ArrayList<>();

    private IngestScenario(BenchOptions options, ClientLoop loop, Target target) {
        this.options = options;
        this.loop = loop;
        this.target = target;
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            IngestScenario scenario = new IngestScenario(options, loop, target);
            scenario.measure("batch", BATCH, BATCH_PUBLISHERS);
            scenario.measure("single", 1, SINGLE_PUBLISHERS);
            return scenario.result.faults(scenario.faults);
        }
    }

    private void measure(String name, int eventsEach, int publishers) throws IOException {
        String type = eventsEach == 1 ? HttpConnection.JSON : HttpConnection.NDJSON;
        byte[] events = Payload.lines(Payload.newJob(), 1, eventsEach);
        Load load = new Load(eventsEach, HttpConnection.post(target, type, events));
        ClosedLoop publishing = new ClosedLoop(loop, target, load);
        long lastId = target.lastId();

        publishing.start(publishers);
        publishing.run(options.warmup());
        long warm = load.accepted;
        Meter meter = Meter.start(target, loop);
        publishing.run(options.seconds());
        Meter.Cost cost = meter.stop();
        long measured = load.accepted - warm;
        publishing.end();

        result.count(name + " publishers", publishers)
                .count(name + " events", measured)
                .count(name + " refused", load.refused)
                .per(name + " events per second", measured, cost.elapsed())
                .per(name + " events per cpu-second", measured, cost.serverCpu())
                .share(name + " others busy", cost.othersShare())
                .share(name + " client cpu", cost.clientCpu())
                .share(name + " client busy", cost.clientBusy());
        check(name, load.accepted, target.lastId() - lastId);
        if (load.refused > 0) {
            faults.add(name + ": " + load.refused + " events were refused, as the server's queue was full");
        }
    }

    /** Every accepted event has an id of its own; on a server of others there may be more. */
    private void check(String name, long accepted, long ids) {
        boolean right = target.isOwn() ? ids == accepted : ids >= accepted;
        if (!right) {
            faults.add(name + ": " + accepted + " events were accepted, but ids rose by " + ids);
        }
        if (accepted == 0) {
            faults.add(name + ": no event was accepted");
        }
    }

    /** What all publishers of a kind send, again and again. */
    private static final class Load implements ClosedLoop.Work {

        private final int eventsEach;
        private final byte[] request;
        private long accepted;
        private long refused;

        Load(int eventsEach, byte[] request) {
            this.eventsEach = eventsEach;
            this.request = request;
        }

        @Override
        public byte[] request(int number) {
            return request;
        }

        /** 503 is the server's way to say that its queue is full, and spoils the figures only. */
        @Override
        public void answered(int number, int status, long bytes) throws IOException {
            if (status == 201) {
                accepted += eventsEach;
            } else if (status == 503) {
                refused += eventsEach;
            } else {
                throw new IOException("a publish was answered with status " + status);
            }
        }
    }
}
