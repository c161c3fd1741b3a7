package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseClients;
import io.observer.e2e.kit.Vitals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments are small, so that the log needs another file every few events. */
@DisplayName("When file descriptors run out")
class DescriptorsIT {

    private static final String EVENT =
            "{\"event\":\"observer.file_created\",\"job_id\":\"build-7\",\"data\":{\"path\":\"%s\"}}";

    private final List<Socket> crowd = new ArrayList<>();

    @TempDir
    private Path root;

    @AfterEach
    void disperse() throws IOException {
        for (Socket socket : crowd) {
            socket.close();
        }
    }

    @Test
    void clients_have_to_go_without_and_the_log_and_the_recorder_have_theirs() throws IOException {
        try (ObserverServer server = ObserverServer.startWithFiles(
                        300,
                        "--log=file",
                        "--data-dir=" + root.resolve("data"),
                        "--observer.log.segment-bytes=4KB",
                        "--observer.recorder.workspace-roots=" + root.toRealPath());
                HttpConnection publisher = HttpConnection.open(server)) {
            assertThat(server.stderr()).contains("raise ulimit -n");
            Path workspace = Files.createDirectory(root.toRealPath().resolve("build-7"));
            String body = "{\"workspace\":\"" + workspace + "\"}";
            assertThat(publisher.send(put("/v1/jobs/build-7", body)).status()).isEqualTo(201);

            gather(server, 1_000);
            for (int n = 0; n < 200; n++) {
                HttpAnswer answer = publisher.send(HttpCall.publish(EVENT.formatted("x".repeat(400) + n)));
                assertThat(answer.status()).as("%s", answer).isEqualTo(201);
            }

            assertThat(new Vitals(server).openFiles()).isLessThan(300);
            try (Stream<Path> segments = Files.list(root.resolve("data/log"))) {
                assertThat(segments.filter(file -> file.toString().endsWith(".jsonl")))
                        .hasSizeGreaterThan(10);
            }
            Awaitility.await("the timeline").until(() -> lines(workspace.resolve(".marianne-observer.jsonl")) == 200);

            disperse();
            Awaitility.await("room").until(() -> answers(server));
            assertThat(server.stderr()).doesNotContain("Too many open files", "\tat ");
        }
    }

    @Test
    void altogether_the_server_waits_for_better_times_and_goes_on_by_itself() throws Exception {
        String prlimit = SseClients.need("prlimit").toString();
        try (ObserverServer server = ObserverServer.start(
                        "--log=file", "--data-dir=" + root.resolve("data"), "--observer.log.segment-bytes=4KB");
                HttpConnection publisher = HttpConnection.open(server)) {
            gather(server, 50);
            Awaitility.await("the crowd").until(() -> open(publisher) == 51);
            long used = new Vitals(server).openFiles();
            assertThat(run(prlimit, "--pid", Long.toString(server.pid()), "--nofile=" + used + ":"))
                    .isZero();

            gather(server, 20);
            int refused = 0;
            for (int n = 0; n < 50; n++) {
                HttpAnswer answer = publisher.send(HttpCall.publish(EVENT.formatted("x".repeat(400) + n)));
                assertThat(answer.status()).as("%s", answer).isIn(201, 507);
                refused += answer.status() == 507 ? 1 : 0;
            }
            assertThat(refused).as("publishes that needed another file").isPositive();

            disperse();
            Awaitility.await("an answer on a new connection").until(() -> answers(server));
            Awaitility.await("a publish")
                    .until(() -> publisher
                                    .send(HttpCall.publish(EVENT.formatted("after")))
                                    .status()
                            == 201);
            long last = publisher
                    .send(HttpCall.get("/v1/events?limit=0"))
                    .json()
                    .get("last_id")
                    .longValue();
            List<Long> ids = publisher
                    .send(HttpCall.get("/v1/events?limit=1000"))
                    .json()
                    .get("events")
                    .valueStream()
                    .map(event -> event.get("id").longValue())
                    .toList();
            assertThat(ids)
                    .isEqualTo(IntStream.rangeClosed(1, (int) last)
                            .asLongStream()
                            .boxed()
                            .toList());
            assertThat(publisher.send(HttpCall.get("/health")).status()).isEqualTo(200);
        }
    }

    /** Connections that say nothing; those that are turned away are part of it. */
    private void gather(ObserverServer server, int size) throws IOException {
        for (int n = 0; n < size; n++) {
            crowd.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }
    }

    private static HttpCall put(String target, String body) {
        return HttpCall.of("PUT", target)
                .header("Content-Type: application/json")
                .header("Content-Length: " + body.length())
                .body(body.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean answers(ObserverServer server) {
        try {
            return HttpConnection.exchange(server, HttpCall.get("/health")).status() == 200;
        } catch (UncheckedIOException turnedAway) {
            return false;
        }
    }

    private static int open(HttpConnection connection) {
        String metrics = connection.send(HttpCall.get("/metrics")).text();
        return (int) Double.parseDouble(metrics.replaceFirst("(?s).*\nobserver_connections_open (\\S+)\n.*", "$1"));
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
