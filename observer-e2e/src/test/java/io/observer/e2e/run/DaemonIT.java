package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that takes in the events of a daemon. */
@Timeout(120)
class DaemonIT {

    private static final String CREATED = """
            {"job_id": "job-1", "sheet_num": 0, "event": "observer.file_created", "data": {"path": "out/a.md"}, "timestamp": 1732152419.25}""";
    private static final String DELETED = """
            {"job_id": "job-1", "sheet_num": 0, "event": "observer.file_deleted", "data": {"path": "out/a.md"}, "timestamp": 1732152421.5}""";

    @TempDir
    private static Path directory;

    private static FakeDaemon daemon;
    private static ObserverServer server;

    @BeforeAll
    static void start() {
        daemon = FakeDaemon.at(socket());
        server = ObserverServer.start("--daemon-socket", socket().toString());
    }

    @BeforeEach
    void awaitSubscription() {
        await().until(() -> daemon.subscribers() == 1);
        await().untilAsserted(() ->
                assertThat(new HttpApi(server).json("/health").get("degraded")).isEmpty());
    }

    @AfterAll
    static void end() {
        server.close();
        daemon.close();
    }

    @Test
    void what_the_daemon_tells_is_streamed_and_kept() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/job-1/events/stream")) {
            reader.next("hello");

            daemon.tell(CREATED);

            assertThat(reader.next("observer.file_created").wire())
                    .contains("\"job_id\":\"job-1\"")
                    .contains("\"data\":{\"path\":\"out/a.md\"},\"timestamp\":1732152419.25");
        }
        assertThat(new HttpApi(server)
                        .json("/v1/jobs/job-1/observer")
                        .get(0)
                        .get("event")
                        .asString())
                .isEqualTo("observer.file_created");
    }

    @Test
    void every_stream_is_told_that_the_daemon_went_away_and_came_back() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream")) {
            reader.next("hello");
            daemon.tell(CREATED);
            reader.next("observer.file_created");

            daemon.close();

            assertThat(reader.next("source_disconnected").wire())
                    .matches(
                            "(?s)event: source_disconnected\ndata: \\{\"source\":\"daemon\",\"retry_in_seconds\":\\d+}\n");
            JsonNode health = new HttpApi(server).json("/health");
            assertThat(health.get("status").asString()).isEqualTo("UP");
            assertThat(health.get("degraded").get(0).asString()).startsWith("daemon: " + socket());
            assertThat(metric("observer_source_connected")).isZero();
            try (SseRecorder late = SseRecorder.open(server, "/v1/events/stream")) {
                late.next("hello");
                late.next("source_disconnected");
            }

            daemon = FakeDaemon.at(socket()).remembering(DELETED, CREATED);

            assertThat(reader.next(3))
                    .extracting(SseFrame::event)
                    .containsExactly("source.gap", "observer.file_deleted", "source_connected");
            assertThat(new HttpApi(server).json("/health").get("degraded")).isEmpty();
            assertThat(metric("observer_source_connected")).isOne();
        }
    }

    @Test
    void the_daemon_is_asked_for_jobs_that_the_log_knows_nothing_of() {
        daemon.remembering("""
                {"job_id":"old","sheet_num":0,"event":"observer.file_created","data":{"path":"x"},"timestamp":1.5}""");

        JsonNode events = new HttpApi(server).json("/v1/jobs/old/observer?limit=5");

        assertThat(events.toString()).isEqualTo("""
                [{"job_id":"old","sheet_num":0,"event":"observer.file_created","data":{"path":"x"},"timestamp":1.5}]""");
        assertThat(daemon.requests()).last().isEqualTo("""
                {"jsonrpc":"2.0","method":"daemon.observer_events","params":{"job_id":"old","limit":200},"id":1}""");
    }

    @Test
    void what_the_daemon_remembers_of_excluded_files_is_not_told() {
        daemon.remembering("""
                {"job_id":"excluded","event":"observer.file_created","data":{"path":"node_modules/x"},"timestamp":2.5}""", """
                {"job_id":"excluded","sheet_num":0,"event":"observer.file_created","data":{"path":"x"},"timestamp":1.5}""");

        JsonNode events = new HttpApi(server).json("/v1/jobs/excluded/observer?limit=1");

        assertThat(events.toString()).isEqualTo("""
                [{"job_id":"excluded","sheet_num":0,"event":"observer.file_created","data":{"path":"x"},"timestamp":1.5}]""");
    }

    @Test
    void the_daemon_is_not_asked_for_a_job_that_the_log_knows_though_nothing_was_observed_of_it() {
        daemon.remembering("""
                {"job_id":"known","event":"observer.file_created","data":{"path":"x"},"timestamp":1.5}""");
        new HttpApi(server).publish("""
                {"job_id":"known","event":"job.started"}""");

        assertThat(new HttpApi(server).json("/v1/jobs/known/observer")).isEmpty();

        assertThat(daemon.requests()).noneMatch(request -> request.contains("\"known\""));
    }

    @Test
    void a_daemon_that_does_not_answer_keeps_nobody_waiting_and_one_that_is_away_is_not_asked() {
        daemon.mute();
        assertThat(new HttpApi(server).json("/v1/jobs/muted/observer")).isEmpty();
        assertThat(daemon.requests()).anyMatch(request -> request.contains("\"muted\""));
        daemon.close();
        await().untilAsserted(() ->
                assertThat(new HttpApi(server).json("/health").get("degraded")).isNotEmpty());

        FakeDaemon deaf = FakeDaemon.at(socket()).mute();
        daemon = deaf;
        assertThat(new HttpApi(server).json("/v1/jobs/away/observer")).isEmpty();

        assertThat(deaf.requests()).noneMatch(request -> request.contains("\"away\""));
        deaf.close();
        daemon = FakeDaemon.at(socket());
    }

    @Test
    void what_is_no_event_is_counted() {
        double events = metric("observer_source_events_total");
        double garbled = metric("observer_source_garbled_total");
        double refused = metric("observer_source_refused_total");

        daemon.say("nonsense\n");
        daemon.tell("{\"event\":\"a b\"}");
        daemon.tell("{\"event\":\"a\"}");

        await().untilAsserted(
                        () -> assertThat(metric("observer_source_events_total")).isEqualTo(events + 1));
        assertThat(metric("observer_source_garbled_total")).isEqualTo(garbled + 1);
        assertThat(metric("observer_source_refused_total")).isEqualTo(refused + 1);
    }

    @Test
    void a_server_ends_in_time_while_it_listens_to_a_daemon() {
        try (ObserverServer listening = ObserverServer.start("--daemon-socket", socket().toString())) {
            await().until(() -> daemon.subscribers() == 2);

            listening.askToEnd();

            assertThat(listening.endsWithin(Duration.ofSeconds(10))).isTrue();
            assertThat(listening.stderr()).doesNotContain("\tat ");
        }
        daemon.disconnect();
    }

    private static Path socket() {
        return directory.resolve("daemon.sock");
    }

    private double metric(String name) {
        return new HttpApi(server)
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{source=\"daemon\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
