package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Jobs whose timelines the recorder keeps in files: a steady rate of files created, then changes of very many files, each
 * of which it holds back for a while.
 */
final class RecorderScenario {

    private static final int JOBS = 200;
    private static final int BATCH = 1_000;
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final BenchOptions options;
    private final Target target;
    private final ClientLoop loop;
    private final EventPublisher publisher;
    private final String name = Payload.newJob();
    private final Result.Builder result = Result.of(Scenario.RECORDER);
    private final List<String> faults = new ArrayList<>();
    private long nextFile;

    private RecorderScenario(BenchOptions options, Target target, ClientLoop loop) {
        this.options = options;
        this.target = target;
        this.loop = loop;
        this.publisher = new EventPublisher(loop, target, name);
    }

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        Path workspaces = Files.createTempDirectory("observer-bench-workspaces-");
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            RecorderScenario scenario = new RecorderScenario(options, target, loop);
            scenario.register(workspaces);
            scenario.created();
            scenario.modified();
            return scenario.checked();
        } finally {
            ServerProcess.deleteAll(workspaces);
        }
    }

    private void register(Path workspaces) throws IOException {
        for (int job = 0; job < JOBS; job++) {
            Path workspace = Files.createDirectory(workspaces.resolve("job-" + job));
            target.call("PUT", "/v1/jobs/" + name + "-" + job, "{\"workspace\":\"" + workspace + "\"}");
        }
    }

    private void created() throws IOException {
        steadily(options.warmup());
        long before = nextFile;
        Meter meter = Meter.start(target, loop);
        steadily(options.seconds());
        Meter.Cost cost = meter.stop();
        long events = nextFile - before;
        result.count("jobs", JOBS)
                .count("created", events)
                .per("recorded per second", events, cost.elapsed())
                .per("recorded per cpu-second", events, cost.serverCpu());
        cost.addTo(result);
    }

    private void steadily(int seconds) throws IOException {
        long start = System.nanoTime();
        long batches = TimeUnit.SECONDS.toNanos(seconds) / INTERVAL;
        for (long batch = 0; batch < batches; batch++) {
            loop.runUntil(start + batch * INTERVAL);
            publish("observer.file_created");
        }
        awaitWritten();
    }

    private void modified() throws IOException {
        long start = System.nanoTime();
        long before = nextFile;
        while (nextFile - before < options.events()) {
            publish("observer.file_modified");
        }
        awaitWritten();
        result.count("modified", nextFile - before)
                .seconds("all modified written", (System.nanoTime() - start) / 1e9)
                .mebibytes("peak memory", target.peakMemoryKiB());
    }

    private void publish(String event) throws IOException {
        StringBuilder lines = new StringBuilder(BATCH * 128);
        for (int i = 0; i < BATCH; i++, nextFile++) {
            lines.append("{\"job_id\":\"").append(name).append('-').append(nextFile % JOBS);
            lines.append("\",\"event\":\"").append(event);
            lines.append("\",\"data\":{\"path\":\"src/main/java/orders/File").append(nextFile);
            lines.append(".java\"}}\n");
        }
        publisher.publishAll(lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void awaitWritten() throws IOException {
        long patience = System.nanoTime() + PATIENCE;
        while (metric("written") < nextFile && System.nanoTime() < patience) {
            loop.runUntil(System.nanoTime() + LOOK);
        }
    }

    private Result checked() throws IOException {
        long written = metric("written");
        long given = metric("lost") + metric("missed");
        if (written + given < nextFile) {
            faults.add((nextFile - written - given) + " events are in no timeline and were not counted as lost");
        }
        return result.count("written", written).count("counted as lost", given).faults(faults);
    }

    private long metric(String counter) throws IOException {
        Matcher sample = Pattern.compile("(?m)^observer_recorder_" + counter + "_total (\\S+)$")
                .matcher(target.call("GET", "/metrics", ""));
        if (!sample.find()) {
            throw new IOException("the server has no metric observer_recorder_" + counter + "_total");
        }
        return (long) Double.parseDouble(sample.group(1));
    }
}
