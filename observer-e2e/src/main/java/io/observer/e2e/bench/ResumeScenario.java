package io.observer.e2e.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Readers that come back. First one at a time, on an idle server, to a job with events all over a long log and to a job
 * whose only event is the last of that log; then many at once who have all missed the same.
 */
final class ResumeScenario {

    private static final int JOBS = 1_000;
    private static final int READERS = 100;
    private static final int MISSED = 10_000;
    private static final long REST = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final BenchOptions options;
    private final Target target;
    private final ClientLoop loop;
    private final EventPublisher publisher;
    private final String name = Payload.newJob();
    private final Result.Builder result = Result.of(Scenario.RESUME);
    private Losses losses = Losses.NONE;
    private long opened;
    private long firstEventAt;
    private long allHaveAllAt;

    private ResumeScenario(BenchOptions options, Target target, ClientLoop loop) {
        this.options = options;
        this.target = target;
        this.loop = loop;
        this.publisher = new EventPublisher(loop, target, name);
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            ResumeScenario scenario = new ResumeScenario(options, target, loop);
            scenario.oneByOne();
            scenario.manyAtOnce();
            return scenario.losses.addTo(scenario.result).faults(scenario.losses.faults());
        }
    }

    private void oneByOne() throws IOException {
        int rounds = options.events() / JOBS;
        long start = target.lastId();
        publishRounds(1, rounds / 2);
        long middle = target.lastId();
        publishRounds(rounds / 2 + 1, rounds);
        publisher.publishAll(Payload.lines(name + "-quiet", 1, 1));

        Latencies dense = new Latencies();
        Latencies quiet = new Latencies();
        long warm = deadline(options.warmup());
        long end = warm + TimeUnit.SECONDS.toNanos(options.seconds());
        for (int i = 0; System.nanoTime() < end; i++) {
            boolean counts = System.nanoTime() >= warm;
            resume(Subscription.after(middle, name + "-" + i % JOBS, rounds / 2 + 1), rounds, 1);
            addTo(dense, counts);
            resume(Subscription.after(start, name + "-quiet", 1), 1, 1);
            addTo(quiet, counts);
        }
        result.count("events in the log", (long) rounds * JOBS + 1)
                .count("resumed one by one", dense.total() + quiet.total())
                .latencies("dense ", dense)
                .latencies("quiet ", quiet);
    }

    private void addTo(Latencies times, boolean counts) throws IOException {
        if (counts) {
            times.add(firstEventAt - opened);
        }
        loop.runUntil(System.nanoTime() + REST);
    }

    /** A round is one event of each job. */
    private void publishRounds(int from, int to) throws IOException {
        for (int round = from; round <= to; round++) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (int job = 0; job < JOBS; job++) {
                lines.writeBytes(Payload.lines(name + "-" + job, round, 1));
            }
            publisher.publishAll(lines.toByteArray());
        }
    }

    private void manyAtOnce() throws IOException {
        int readers = options.readersOr(READERS);
        Subscription missed = Subscription.after(target.lastId(), name, 1);
        publisher.publishAll(MISSED);
        for (long end = deadline(options.warmup()); System.nanoTime() < end; ) {
            resume(missed, MISSED, readers);
        }
        Latencies times = new Latencies();
        Meter meter = Meter.start(target, loop);
        for (long end = deadline(options.seconds()); System.nanoTime() < end; ) {
            resume(missed, MISSED, readers);
            times.add(allHaveAllAt - opened);
        }
        Meter.Cost cost = meter.stop();
        long events = times.total() * readers * MISSED;
        result.count("readers at once", readers)
                .count("events for each", MISSED)
                .millis("replay median", times.percentile(50))
                .millis("replay max", times.max())
                .per("replayed per second", events, cost.elapsed())
                .per("replayed per cpu-second", events, cost.serverCpu());
        cost.addTo(result);
    }

    /** Opens so many streams, connections included, and closes them when the last one has the event {@code last}. */
    private void resume(Subscription subscription, long last, int size) throws IOException {
        SseReaders readers = new SseReaders(loop, target, subscription, size);
        readers.onDelivery((sequence, now) -> firstEventAt = firstEventAt == 0 ? now : firstEventAt);
        readers.expect(last);
        firstEventAt = 0;
        opened = System.nanoTime();
        readers.open();
        // What has not come by then shows among the losses.
        loop.runUntil(readers::haveIt, opened + PATIENCE);
        allHaveAllAt = System.nanoTime();
        losses = losses.plus(readers.losses(last));
        readers.close();
    }

    private static long deadline(int seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }
}
