package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of one job: it waits for a job that is yet to come, and ends with the job. */
class JobStreamIT {

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void the_stream_of_a_job_never_seen_waits_for_it() {
        try (SseRecorder reader = SseRecorder.open(server, stream("awaited"))) {
            assertThat(reader.head().status()).isEqualTo(200);
            reader.next("hello");

            Published started = publisher.publish("awaited", "job.started", "null");

            reader.expect(started.frame());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled"})
    void the_stream_ends_cleanly_when_its_job_has_finished(String status) {
        String job = "live-" + status;
        try (SseRecorder reader = SseRecorder.open(server, stream(job))) {
            reader.next("hello");

            Published started = publisher.publish(job, "job.started", "null");
            Published line = publisher.publish(job, 1);
            publisher.publish("another", "job.completed", "null");
            Published finished = publisher.publish(job, "job." + status, "{\"exit_code\":0}");

            reader.expect(String.join("\n", started.frame(), line.frame(), finished.frame()));
            expectJobFinished(reader, job, status);
            reader.expectEnd();
        }
    }

    @Test
    void what_was_published_in_the_same_batch_after_the_end_of_the_job_is_delivered_before_the_stream_ends() {
        try (SseRecorder reader = SseRecorder.open(server, stream("trailing"))) {
            reader.next("hello");

            List<Published> all = publisher.publishAll(List.of(
                    SsePublisher.event("trailing", "job.started", "null"),
                    SsePublisher.event("trailing", "job.completed", "null"),
                    SsePublisher.event("trailing", "log.line", "{\"n\":1}")));

            reader.expect(frames(all));
            expectJobFinished(reader, "trailing", "completed");
            reader.expectEnd();
        }
    }

    @Test
    void a_filter_hides_the_events_of_the_job_but_not_its_end() {
        try (SseRecorder reader = SseRecorder.open(server, stream("filtered") + "?event=log.*")) {
            reader.next("hello");

            publisher.publish("filtered", "job.started", "null");
            Published line = publisher.publish("filtered", 1);
            publisher.publish("filtered", "job.completed", "null");

            reader.expect(line.frame());
            expectJobFinished(reader, "filtered", "completed");
            reader.expectEnd();
        }
    }

    @Test
    void a_finished_job_gives_what_was_asked_for_and_ends() {
        List<Published> all = finish("asked");

        try (SseRecorder nothingAsked = SseRecorder.open(server, stream("asked"));
                SseRecorder everything = SseRecorder.open(server, stream("asked") + "?since=0");
                SseRecorder newest = SseRecorder.open(server, stream("asked") + "?last=1")) {
            nothingAsked.next("hello");
            expectJobFinished(nothingAsked, "asked", "completed");
            nothingAsked.expectEnd();

            everything.next("hello");
            everything.expect(frames(all));
            everything.next("caught_up");
            expectJobFinished(everything, "asked", "completed");
            everything.expectEnd();

            newest.next("hello");
            newest.expect(all.get(2).frame());
            newest.next("caught_up");
            expectJobFinished(newest, "asked", "completed");
            newest.expectEnd();
        }
    }

    @Test
    void a_reader_that_comes_back_to_a_finished_job_and_has_it_all_is_told_204() {
        List<Published> all = finish("done");
        String last = all.get(2).cursor();
        String end = jobFinishedId("done");
        publisher.publish("another", 1);

        for (String id : List.of(last, end)) {
            try (SseRecorder byHeader = SseRecorder.open(server, stream("done"), "Last-Event-ID: " + id);
                    SseRecorder byQuery = SseRecorder.open(server, stream("done") + "?last_event_id=" + id);
                    SseRecorder otherQuery = SseRecorder.open(server, stream("done") + "?lastEventId=" + id)) {
                for (SseRecorder reader : List.of(byHeader, byQuery, otherQuery)) {
                    assertThat(reader.head().status()).isEqualTo(204);
                    reader.expectEnd();
                    assertThat(reader.body()).isEmpty();
                }
            }
        }
    }

    @Test
    void a_reader_that_comes_back_to_a_finished_job_and_has_not_all_gets_the_rest() {
        List<Published> all = finish("rest");

        try (SseRecorder reader = SseRecorder.open(
                server, stream("rest"), "Last-Event-ID: " + all.get(0).cursor())) {
            reader.next("hello");
            reader.expect(frames(all.subList(1, 3)));
            reader.next("caught_up");
            expectJobFinished(reader, "rest", "completed");
            reader.expectEnd();
        }
    }

    @Test
    void a_reader_that_comes_back_to_a_finished_job_with_a_filter_that_leaves_nothing_is_told_204() {
        List<Published> all = finish("nothing-left");

        try (SseRecorder reader = SseRecorder.open(
                server,
                stream("nothing-left") + "?event=log.*",
                "Last-Event-ID: " + all.get(1).cursor())) {
            assertThat(reader.head().status()).isEqualTo(204);
            reader.expectEnd();
        }
    }

    @Test
    void a_job_that_starts_again_has_a_stream_again() {
        finish("again");
        String end = jobFinishedId("again");
        Published resuming = publisher.publish("again", "job.resuming", "null");

        try (SseRecorder reader = SseRecorder.open(server, stream("again"), "Last-Event-ID: " + end)) {
            assertThat(reader.head().status()).isEqualTo(200);
            reader.next("hello");
            reader.expect(resuming.frame());
            reader.next("caught_up");

            Published failed = publisher.publish("again", "job.failed", "null");
            reader.expect(failed.frame());
            expectJobFinished(reader, "again", "failed");
            reader.expectEnd();
        }
    }

    @Test
    void a_job_that_ran_several_times_is_replayed_through_all_its_runs() {
        List<Published> all = publisher.publishAll(List.of(
                SsePublisher.event("runs", "job.started", "{\"run\":1}"),
                SsePublisher.event("runs", "job.failed", "null"),
                SsePublisher.event("runs", "job.resuming", "{\"run\":2}"),
                SsePublisher.event("runs", "job.cancelled", "null"),
                SsePublisher.event("runs", "job.started", "{\"run\":3}"),
                SsePublisher.event("runs", "log.line", "{\"n\":1}"),
                SsePublisher.event("runs", "job.completed", "null")));

        try (SseRecorder reader = SseRecorder.open(server, stream("runs") + "?since=earliest")) {
            reader.next("hello");
            reader.expect(frames(all));
            reader.next("caught_up");
            expectJobFinished(reader, "runs", "completed");
            reader.expectEnd();
        }
    }

    @Test
    void a_reader_that_follows_stays_through_the_end_of_the_job() {
        try (SseRecorder reader = SseRecorder.open(server, stream("followed") + "?follow=true")) {
            reader.next("hello");

            Published completed = publisher.publish("followed", "job.completed", "null");
            reader.expect(completed.frame());
            expectJobFinished(reader, "followed", "completed");

            Published started = publisher.publish("followed", "job.started", "null");
            Published failed = publisher.publish("followed", "job.failed", "null");
            reader.expect(started.frame() + "\n" + failed.frame());
            expectJobFinished(reader, "followed", "failed");

            Published late = publisher.publish("followed", 1);
            reader.expect(late.frame());
        }
    }

    @Test
    void after_the_end_of_a_stream_its_connection_serves_the_next_request() throws IOException {
        finish("connection");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            send(socket, """
                    GET /v1/jobs/connection/events/stream?since=0 HTTP/1.1
                    Host: localhost
                    Accept: text/event-stream

                    """);
            StringBuilder stream = new StringBuilder();
            while (stream.indexOf("\r\n0\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("the connection is open after %s", stream).isNotNegative();
                stream.append((char) next);
            }
            assertThat(stream.toString()).contains("event: job_finished\n");

            send(socket, """
                    GET /v1/jobs/connection HTTP/1.1
                    Host: localhost
                    Connection: close

                    """);
            String page = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(page).startsWith("HTTP/1.1 200").contains("\"state\":\"completed\"");
        }
    }

    @Test
    void a_reader_of_HTTP_1_0_gets_bare_frames_until_the_connection_closes() throws IOException {
        finish("old");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            send(socket, """
                    GET /v1/jobs/old/events/stream HTTP/1.0
                    Host: localhost
                    Accept: text/event-stream

                    """);

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .matches("(?s)HTTP/1\\.[01] 200 .*\r\n\r\nretry: .*\n\n.*event: job_finished\n.*\n\n")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_global_stream_goes_on_when_a_job_has_finished() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?job=one-of-many")) {
            reader.next("hello");
            Published completed = publisher.publish("one-of-many", "job.completed", "null");
            Published late = publisher.publish("one-of-many", 1);
            reader.expect(completed.frame() + "\n" + late.frame());
        }
    }

    private static List<Published> finish(String job) {
        return publisher.publishAll(List.of(
                SsePublisher.event(job, "job.started", "null"),
                SsePublisher.event(job, "log.line", "{\"n\":1}"),
                SsePublisher.event(job, "job.completed", "null")));
    }

    private static String jobFinishedId(String job) {
        try (SseRecorder reader = SseRecorder.open(server, stream(job))) {
            List<SseFrame> frames = reader.through("job_finished");
            return String.valueOf(frames.get(frames.size() - 1).id());
        }
    }

    private static void expectJobFinished(SseRecorder reader, String job, String status) {
        SseFrame frame = reader.next("job_finished");
        assertThat(frame.data()).isEqualTo("{\"job_id\":\"%s\",\"final_status\":\"%s\"}".formatted(job, status));
        assertThat(frame.id()).matches("[A-Za-z0-9]+-[0-9]+");
    }

    private static String stream(String job) {
        return "/v1/jobs/" + job + "/events/stream";
    }

    private static String frames(List<Published> events) {
        return events.stream().map(Published::frame).collect(Collectors.joining("\n"));
    }
}
