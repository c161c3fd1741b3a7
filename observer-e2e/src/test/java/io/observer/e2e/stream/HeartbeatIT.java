package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A quiet stream says that it is alive, and how far it has come. */
class HeartbeatIT {

    /** A timer may fire a little early by the wall clock, which is what the time stamps are read from. */
    private static final double ALMOST_A_SECOND = 0.9;

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.stream.heartbeat=7s");
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void the_setting_is_the_heartbeat_of_readers_that_ask_for_none() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream")) {
            assertThat(reader.next("hello").json().required("heartbeat_seconds").asInt())
                    .isEqualTo(7);
        }
    }

    @Test
    void a_stream_that_is_silent_for_a_second_sends_one_and_another_a_second_later() {
        Published newest = publisher.publish("noise", 1);
        try (SseRecorder global = SseRecorder.open(server, "/v1/events/stream?heartbeat=1");
                SseRecorder job = SseRecorder.open(server, "/v1/jobs/quiet/events/stream?heartbeat=1")) {
            assertBeats(global, newest);
            assertBeats(job, newest);
        }
    }

    private static void assertBeats(SseRecorder reader, Published newest) {
        assertThat(reader.next("hello").json().required("heartbeat_seconds").asInt())
                .isEqualTo(1);

        SseFrame first = reader.next("heartbeat");
        SseFrame second = reader.next("heartbeat");

        JsonNode data = first.json();
        assertThat(data.propertyNames()).containsExactly("timestamp", "cursor", "dropped");
        assertThat(data.required("cursor").asString()).isEqualTo(newest.cursor());
        assertThat(data.required("dropped").asInt()).isZero();
        assertThat(first.id()).isEqualTo(newest.cursor());
        assertThat(timestamp(second) - timestamp(first)).isGreaterThan(ALMOST_A_SECOND);
    }

    @Test
    void the_position_of_a_filtered_stream_covers_what_the_filter_kept_out() {
        Published match = publisher.publish("covered", "sheet.started", "null");
        try (SseRecorder reader = SseRecorder.open(
                server,
                "/v1/jobs/covered/events/stream?event=sheet.*&heartbeat=1",
                "Last-Event-ID: " + match.cursor())) {
            reader.next("hello");
            reader.next("caught_up");

            Published newest = publisher.publish("covered", 1, 20).get(19);

            // The first one may have been on its way before the events were.
            SseFrame heartbeat = reader.next("heartbeat");
            if (!newest.cursor().equals(heartbeat.id())) {
                heartbeat = reader.next("heartbeat");
            }
            assertThat(heartbeat.id()).isEqualTo(newest.cursor());
        }
    }

    @Test
    void any_frame_restarts_the_wait() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/busy/events/stream?heartbeat=1")) {
            reader.next("hello");

            publishTwoEvery400Milliseconds(4);
            List<SseFrame> frames = reader.through("heartbeat");

            // The server's own clock on both sides: the event was stamped before it was sent, so less than a second
            // between the two would mean that its frame did not count. However slow the machine is, more is fine.
            while (frames.stream().filter(SseFrame::isEvent).count() < 8) {
                assertSilenceBeforeHeartbeat(frames);
                frames = concat(frames, reader.through("heartbeat"));
            }
            assertSilenceBeforeHeartbeat(frames);
        }
    }

    private static List<SseFrame> concat(List<SseFrame> one, List<SseFrame> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static void assertSilenceBeforeHeartbeat(List<SseFrame> frames) {
        SseFrame heartbeat = frames.get(frames.size() - 1);
        if (frames.size() > 1) {
            SseFrame before = frames.get(frames.size() - 2);
            assertThat(timestamp(heartbeat) - timestamp(before))
                    .as("from %s to %s", before, heartbeat)
                    .isGreaterThan(ALMOST_A_SECOND);
        }
    }

    private static void publishTwoEvery400Milliseconds(int times) {
        String body = "{\"job_id\":\"busy\",\"event\":\"log.line\"}";
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        for (int i = 0; i < times; i++) {
            var unused =
                    clock.schedule(() -> publisher.publishAll(List.of(body, body)), 400L * i, TimeUnit.MILLISECONDS);
        }
        clock.shutdown();
    }

    private static double timestamp(SseFrame frame) {
        return frame.json().required("timestamp").asDouble();
    }
}
