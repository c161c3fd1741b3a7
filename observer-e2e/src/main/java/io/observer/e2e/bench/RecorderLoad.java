package io.observer.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Loads the recorder: first a steady rate of events of 200 recorded jobs, then changes of a million files, each once. Says
 * whether every timeline had all of it, and what it took. Start it with {@code java -cp} and the benchmark's classes;
 * {@code -Dobserver.jar} names the server.
 */
public final class RecorderLoad {

    private static final int JOBS = 200;
    private static final int BATCH = 1_000;
    private static final int RATE = 50_000;
    private static final int SECONDS = 20;
    private static final int PATHS = 1_000_000;
    private static final String FILE = ".marianne-observer.jsonl";
    private static final String CREATED = "observer.file_created";
    private static final String MODIFIED = "observer.file_modified";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ServerProcess server;
    private final Path root;
    private int next;

    private RecorderLoad(ServerProcess server, Path root) {
        this.server = server;
        this.root = root;
    }

    /** Runs the load and prints its figures. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory("observer-recorder-load-");
        try (ServerProcess server = ServerProcess.start(null)) {
            RecorderLoad load = new RecorderLoad(server, root);
            load.register();
            load.steadyRate(SECONDS / 4);
            load.steadyRate(SECONDS);
            load.distinctPaths();
        } finally {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void register() throws IOException, InterruptedException {
        for (int job = 0; job < JOBS; job++) {
            Path workspace = Files.createDirectory(root.resolve("job-" + job));
            send("PUT", "/v1/jobs/job-" + job, "application/json", "{\"workspace\":\"" + workspace + "\"}");
        }
    }

    private void steadyRate(int seconds) throws IOException, InterruptedException {
        double written = metric("written");
        Double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        long slowestAnswer = 0;
        int batches = RATE / BATCH * seconds;
        for (int batch = 0; batch < batches; batch++) {
            long due = start + TimeUnit.SECONDS.toNanos(1) * batch * BATCH / RATE;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            publish(CREATED);
            if (batch % 50 == 0) {
                long asked = System.nanoTime();
                send("GET", "/v1/jobs/job-7/observer", "", "");
                slowestAnswer = Math.max(slowestAnswer, System.nanoTime() - asked);
            }
        }
        double published = (System.nanoTime() - start) / 1e9;
        awaitWritten(written + (double) batches * BATCH);
        double recorded = (System.nanoTime() - start) / 1e9;
        Double after = server.cpuSeconds();
        System.out.printf(
                "%d events of %d jobs: published in %.2f s (%.0f/s), all in their timelines after %.2f s, cpu %.2f s,"
                        + " slowest one-shot answer %.1f ms%n",
                batches * BATCH,
                JOBS,
                published,
                batches * BATCH / published,
                recorded,
                cpu == null || after == null ? Double.NaN : after - cpu,
                slowestAnswer / 1e6);
        report();
    }

    private void distinctPaths() throws IOException, InterruptedException {
        double written = metric("written");
        long start = System.nanoTime();
        for (int batch = 0; batch < PATHS / BATCH; batch++) {
            publish(MODIFIED);
        }
        double published = (System.nanoTime() - start) / 1e9;
        awaitWritten(written + PATHS);
        System.out.printf(
                "%d files modified once: published in %.2f s, all in their timelines after %.2f s%n",
                PATHS, published, (System.nanoTime() - start) / 1e9);
        report();
    }

    private void report() throws IOException, InterruptedException {
        System.out.printf(
                "  lost %.0f, missed %.0f, peak memory %s MiB, newest lines at %s bytes%n",
                metric("lost"), metric("missed"), server.peakMemoryMiB(), Files.size(root.resolve("job-7/" + FILE)));
    }

    private void publish(String event) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder(BATCH * 120);
        for (int n = 0; n < BATCH; n++) {
            lines.append("{\"job_id\":\"job-").append(next % JOBS);
            lines.append("\",\"event\":\"").append(event);
            lines.append("\",\"data\":{\"path\":\"src/main/java/package/File").append(next++);
            lines.append(".java\"}}\n");
        }
        send("POST", "/v1/events", "application/x-ndjson", lines.toString());
    }

    private void awaitWritten(double lines) throws IOException, InterruptedException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (metric("written") < lines && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private double metric(String name) throws IOException, InterruptedException {
        Matcher sample = Pattern.compile("(?m)^observer_recorder_" + name + "_total (\\S+)$")
                .matcher(send("GET", "/metrics", "", ""));
        if (!sample.find()) {
            throw new IOException("the server has no metric of that name: " + name);
        }
        return Double.parseDouble(sample.group(1));
    }

    private String send(String method, String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (!List.of(200, 201).contains(answer.statusCode())) {
            throw new IOException("answered with " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }
}
