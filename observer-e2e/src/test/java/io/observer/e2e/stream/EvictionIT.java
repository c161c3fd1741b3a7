package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A reader that was away for longer than the log keeps its events is told what it will never see. */
class EvictionIT {

    private static final int EVICTED = 150;
    private static final int PUBLISHED = 250;

    private static ObserverServer server;
    private static String epoch;

    /** Of events 1 to 250 the log keeps the newest hundred; every tenth is of the job {@code tenth}. */
    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.log.max-entries=100");
        SsePublisher publisher = new SsePublisher(server);
        for (int id = 1; id <= PUBLISHED; id++) {
            Published published = publisher.publish(id % 10 == 0 ? "tenth" : "rest", id);
            assertThat(published.id()).isEqualTo(id);
            epoch = published.epoch();
        }
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 149})
    void what_retention_took_is_said_before_the_next_event(int seen) {
        for (SseRecorder reader : List.of(
                SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: " + cursor(seen)),
                SseRecorder.open(server, "/v1/events/stream?since=" + cursor(seen)),
                SseRecorder.open(server, "/v1/events/stream?since=" + seen))) {
            try (reader) {
                assertThat(reader.head().status()).isEqualTo(200);
                reader.next("hello");
                assertGap(reader.next("gap"), seen + 1, EVICTED - seen);

                List<SseFrame> replay = reader.through("caught_up");

                assertThat(replay).hasSize(PUBLISHED - EVICTED + 1);
                assertThat(replay.get(0).eventId()).isEqualTo(EVICTED + 1);
                assertThat(replay.get(99).eventId()).isEqualTo(PUBLISHED);
            }
        }
    }

    @Test
    void a_filtered_reader_is_told_too() {
        try (SseRecorder reader =
                SseRecorder.open(server, "/v1/jobs/tenth/events/stream", "Last-Event-ID: " + cursor(10))) {
            reader.next("hello");
            // 20, 30, … 150 were of this job.
            assertGap(reader.next("gap"), 11, 14);
            List<SseFrame> replay = reader.through("caught_up");
            assertThat(replay.stream().filter(SseFrame::isEvent).map(SseFrame::eventId))
                    .containsExactly(160L, 170L, 180L, 190L, 200L, 210L, 220L, 230L, 240L, 250L);
        }
    }

    @Test
    void a_reader_that_saw_the_last_event_that_is_gone_missed_nothing() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: " + cursor(EVICTED))) {
            reader.next("hello");
            assertThat(reader.next().eventId()).isEqualTo(EVICTED + 1);
        }
    }

    @Test
    void who_asks_for_the_earliest_gets_what_is_there() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=earliest")) {
            List<SseFrame> frames = reader.through("caught_up");
            assertThat(frames.stream().filter(SseFrame::isEvent).map(SseFrame::eventId))
                    .hasSize(100)
                    .startsWith(EVICTED + 1L)
                    .endsWith((long) PUBLISHED);
        }
    }

    @Test
    void another_life_of_the_log_is_a_gap_that_ends_where_what_is_kept_begins() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: another-3")) {
            reader.next("hello");
            SseFrame gap = reader.next("gap");
            assertThat(gap.json().required("reason").asString()).isEqualTo("epoch");
            assertThat(gap.id()).isEqualTo(cursor(EVICTED));
            assertThat(reader.next().eventId()).isEqualTo(EVICTED + 1);
        }
    }

    @Test
    void what_retention_takes_from_under_a_slow_replay_is_said_where_it_is_missing() {
        try (ObserverServer small = ObserverServer.start("--observer.log.max-entries=1000")) {
            SsePublisher publisher = new SsePublisher(small);
            publishTenKilobytesEach(publisher, 1000);
            try (SseRecorder reader = SseRecorder.openSlow(small, "/v1/events/stream?since=0")) {
                reader.next("hello");
                publishTenKilobytesEach(publisher, 1500);
                reader.resume();

                long next = 1;
                int gaps = 0;
                for (SseFrame frame : reader.through(2500)) {
                    if (frame.is("gap")) {
                        assertThat(frame.json().required("reason").asString()).isEqualTo("evicted");
                        assertThat(frame.json().required("from").asLong()).isEqualTo(next);
                        next = frame.json().required("to").asLong() + 1;
                        gaps++;
                    } else if (frame.isEvent()) {
                        assertThat(frame.eventId()).isEqualTo(next);
                        next++;
                    }
                }
                assertThat(gaps).isPositive();
            }
        }
    }

    private static void publishTenKilobytesEach(SsePublisher publisher, int count) {
        String large = SsePublisher.event("large", "log.line", "{\"text\":\"" + "x".repeat(10_000) + "\"}");
        for (int published = 0; published < count; published += 100) {
            publisher.publishAll(Collections.nCopies(100, large));
        }
    }

    /** How many of those passed over matched is known or null, never wrong. */
    private static void assertGap(SseFrame gap, int from, int matching) {
        JsonNode data = gap.json();
        assertThat(data.required("reason").asString()).isEqualTo("evicted");
        assertThat(data.required("from").asInt()).isEqualTo(from);
        assertThat(data.required("to").asInt()).isEqualTo(EVICTED);
        JsonNode dropped = data.required("dropped");
        assertThat(dropped.isNull() || dropped.asInt() == matching)
                .as("dropped: %s", dropped)
                .isTrue();
        assertThat(gap.id()).isEqualTo(cursor(EVICTED));
    }

    private static String cursor(int id) {
        return epoch + "-" + id;
    }
}
