package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishers that send the next request as soon as the last is answered, while nobody listens. */
final class IngestScenario {

    private static final int BATCH = 100;
    private static final int BATCH_PUBLISHERS = 4;
    private static final int SINGLE_PUBLISHERS = 16;

    private final ClientLoop loop;
    private final Target target;
    private final int seconds;
    private final Result.Builder result = Result.of(Scenario.INGEST);
    private final List<String> faults = new ArrayList<>();

    private IngestScenario(ClientLoop loop, Target target, int seconds) {
        this.loop = loop;
        this.target = target;
        this.seconds = seconds;
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            IngestScenario scenario = new IngestScenario(loop, target, options.seconds());
            scenario.measure("batch", BATCH, BATCH_PUBLISHERS);
            scenario.measure("single", 1, SINGLE_PUBLISHERS);
            return scenario.result.faults(scenario.faults);
        }
    }

    private void measure(String name, int eventsEach, int publishers) throws IOException {
        String job = Payload.newJob();
        String type = eventsEach == 1 ? HttpConnection.JSON : HttpConnection.NDJSON;
        Load load = new Load(eventsEach, HttpConnection.post(target, type, Payload.lines(job, 1, eventsEach)));
        long lastId = target.lastId();

        for (int i = 0; i < publishers; i++) {
            load.add(new HttpConnection(loop, target, load));
        }
        run();
        long warm = load.accepted;
        Double cpuBefore = target.cpuSeconds();
        long start = System.nanoTime();
        run();
        double elapsed = (System.nanoTime() - start) / 1e9;
        Double cpuAfter = target.cpuSeconds();
        long measured = load.accepted - warm;
        load.end();

        result.count(name + " publishers", publishers)
                .count(name + " events", measured)
                .count(name + " refused", load.refused)
                .per(name + " events per second", measured, elapsed)
                .per(name + " events per cpu-second", measured, cpu(cpuBefore, cpuAfter));
        check(name, load.accepted, target.lastId() - lastId);
    }

    private void run() throws IOException {
        loop.runUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    }

    private static @Nullable Double cpu(@Nullable Double before, @Nullable Double after) {
        return before == null || after == null ? null : after - before;
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
    private final class Load implements HttpConnection.Answered {

        private final int eventsEach;
        private final byte[] request;
        private final List<HttpConnection> connections = new ArrayList<>();
        private long accepted;
        private long refused;
        private boolean ending;

        Load(int eventsEach, byte[] request) {
            this.eventsEach = eventsEach;
            this.request = request;
        }

        void add(HttpConnection connection) throws IOException {
            connections.add(connection);
            connection.send(request);
        }

        /** 503 is the server's way to say that its queue is full; anything else unexpected ends the benchmark. */
        @Override
        public void answered(HttpConnection connection, int status) throws IOException {
            if (status == 201) {
                accepted += eventsEach;
            } else if (status == 503) {
                refused += eventsEach;
            } else {
                throw new IOException("a publish was answered with status " + status);
            }
            if (!ending) {
                connection.send(request);
            }
        }

        void end() throws IOException {
            ending = true;
            boolean idle = loop.runUntil(
                    () -> connections.stream().allMatch(HttpConnection::isIdle),
                    System.nanoTime() + ClientLoop.PATIENCE);
            if (!idle) {
                throw new IOException("the server does not answer a publish");
            }
        }
    }
}
