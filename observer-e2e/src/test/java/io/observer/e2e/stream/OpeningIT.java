package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseHead;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a stream says when it opens, and what it carries from then on. */
class OpeningIT {

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

    @ParameterizedTest
    @ValueSource(strings = {"/v1/events/stream", "/v1/jobs/never-seen/events/stream"})
    void the_head_and_a_hello_come_at_once_though_nothing_happens(String stream) {
        try (SseRecorder reader = SseRecorder.open(server, stream)) {
            SseHead head = reader.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("Content-Type")).isEqualTo("text/event-stream");
            assertThat(head.field("Cache-Control")).isEqualTo("no-cache, no-store, no-transform");
            assertThat(head.field("X-Accel-Buffering")).isEqualTo("no");
            assertThat(head.field("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(head.field("Content-Encoding")).isEmpty();

            reader.next("hello");
        }
    }

    @Test
    void hello_names_the_position_the_life_of_the_log_and_the_heartbeat() {
        Published newest = publisher.publish("hello", 1);

        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream")) {
            SseFrame hello = reader.next("hello");
            assertThat(hello.id()).isEqualTo(newest.cursor());

            JsonNode data = hello.json();
            assertThat(data.propertyNames())
                    .containsExactly("cursor", "epoch", "heartbeat_seconds", "durability", "version");
            assertThat(data.required("cursor").asString()).isEqualTo(newest.cursor());
            assertThat(data.required("epoch").asString()).isEqualTo(newest.epoch());
            assertThat(data.required("heartbeat_seconds").asInt()).isEqualTo(30);
            assertThat(data.required("durability").asString()).isNotBlank();
            assertThat(data.required("version").asString()).isNotBlank();
        }
    }

    @Test
    void readers_are_told_to_come_back_after_two_to_four_seconds_and_not_all_at_the_same_moment() {
        Set<String> retries = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream")) {
                String retry = reader.next("hello").retry();
                assertThat(Integer.parseInt(String.valueOf(retry))).isBetween(2000, 4000);
                retries.add(retry);
            }
        }
        assertThat(retries).hasSizeGreaterThan(1);
    }

    @Test
    void a_stream_starts_with_what_comes_next() {
        publisher.publish("next", 1);
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream")) {
            reader.next("hello");

            Published next = publisher.publish("next", 2);

            reader.expect("""
                    id: %s
                    event: log.line
                    data: {"id":%d,"job_id":"next","sheet_num":0,"event":"log.line","data":{"n":2},"timestamp":1732152419.25}
                    """.formatted(next.cursor(), next.id()));
        }
    }

    @Test
    void every_reader_gets_each_event_once_in_the_order_of_the_log() {
        try (SseRecorder one = SseRecorder.open(server, "/v1/events/stream");
                SseRecorder other = SseRecorder.open(server, "/v1/events/stream")) {
            one.next("hello");
            other.next("hello");

            List<Published> batch = publisher.publish("order", 1, 300);
            Published single = publisher.publish("order", 301);

            for (SseRecorder reader : List.of(one, other)) {
                for (Published event : batch) {
                    reader.expect(event.frame());
                }
                reader.expect(single.frame());
            }
        }
    }

    @Test
    void lines_end_with_a_line_feed_and_each_frame_has_one_data_line() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?last=0")) {
            reader.through("caught_up");
            Published published = publisher.publish("lines", "log.line", """
                    {"line":"one\\r\\ntwo\\u2028three\\u0000"}""");

            reader.expect(published.frame());

            assertThat(reader.body()).doesNotContain("\r");
            assertThat(reader.frames())
                    .hasSize(3)
                    .allSatisfy(frame -> assertThat(frame.text().lines().filter(line -> line.startsWith("data:")))
                            .hasSize(1));
        }
    }

    @Test
    void without_names_events_are_messages_and_control_frames_keep_their_names() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?names=off&last=0")) {
            reader.next("hello");
            reader.next("caught_up");

            Published published = publisher.publish("nameless", 1);

            reader.expect("""
                    id: %s
                    data: {"id":%d,"job_id":"nameless","sheet_num":0,"event":"log.line","data":{"n":1},"timestamp":1732152419.25}
                    """.formatted(published.cursor(), published.id()));
        }
    }

    @Test
    void a_job_stream_carries_the_events_of_its_job_alone() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/build-7/events/stream")) {
            reader.next("hello");

            Published first = publisher.publish("build-7", 1);
            publisher.publish("build-70", 2);
            publisher.publish("build", 3);
            publisher.publish("", 4);
            Published second = publisher.publish("build-7", 5);

            reader.expect(first.frame() + "\n" + second.frame());
        }
    }

    @Test
    void globs_choose_events_by_name() {
        try (SseRecorder reader =
                SseRecorder.open(server, "/v1/events/stream?event=observer.file_*,job.?tarted,log.line")) {
            reader.next("hello");

            Published created = publisher.publish("globs", "observer.file_created", "{\"path\":\"a\"}");
            publisher.publish("globs", "observer.process_spawned", "{\"pid\":1,\"name\":\"sh\"}");
            Published started = publisher.publish("globs", "job.started", "null");
            publisher.publish("globs", "job.restarted", "null");
            publisher.publish("globs", "log.lines", "null");
            publisher.publish("globs", "log_line", "null");
            Published line = publisher.publish("globs", "log.line", "null");

            reader.expect(String.join("\n", created.frame(), started.frame(), line.frame()));
        }
    }

    @Test
    void a_list_of_jobs_chooses_among_all() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?job=left,right")) {
            reader.next("hello");

            Published left = publisher.publish("left", 1);
            publisher.publish("middle", 2);
            publisher.publish("", 3);
            Published right = publisher.publish("right", 4);

            reader.expect(left.frame() + "\n" + right.frame());
        }
    }

    @Test
    void job_and_event_must_both_match() {
        try (SseRecorder global = SseRecorder.open(server, "/v1/events/stream?job=both&event=sheet.*");
                SseRecorder job = SseRecorder.open(server, "/v1/jobs/both/events/stream?event=sheet.*")) {
            global.next("hello");
            job.next("hello");

            publisher.publish("both", "log.line", "null");
            publisher.publish("another", "sheet.started", "null");
            Published match = publisher.publish("both", "sheet.started", "null");

            global.expect(match.frame());
            job.expect(match.frame());
        }
    }

    @Test
    void HEAD_of_a_stream_that_has_nothing_left_is_204_as_GET_is() {
        Published end = publisher.publish("headed-over", "job.completed", "null");

        for (String method : List.of("GET", "HEAD")) {
            HttpAnswer answer = HttpConnection.exchange(
                    server,
                    HttpCall.of(method, "/v1/jobs/headed-over/events/stream")
                            .header("Accept: text/event-stream")
                            .header("Last-Event-ID: " + end.cursor()));

            assertThat(answer.status()).as(method).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/events/stream", "/v1/jobs/headed/events/stream?since=0"})
    void HEAD_answers_the_head_and_leaves_the_connection_free_for_the_next_request(String stream) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write("""
                    HEAD %s HTTP/1.1
                    Host: localhost
                    Accept: text/event-stream

                    GET /health HTTP/1.1
                    Host: localhost
                    Connection: close

                    """.formatted(stream).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            String[] heads = answers.split("(?=HTTP/1\\.1 )");
            assertThat(heads).as(answers).hasSize(2);
            assertThat(heads[0])
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-type: text/event-stream\r\n")
                    .containsIgnoringCase("cache-control: no-cache, no-store, no-transform\r\n")
                    .endsWith("\r\n\r\n")
                    .doesNotContain("hello");
            assertThat(heads[1]).startsWith("HTTP/1.1 200").contains("\"status\"");
        }
    }
}
