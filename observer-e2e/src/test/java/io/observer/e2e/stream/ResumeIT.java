package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A reader that says where it was gets what came since, in order and once, and is told when it has caught up. */
class ResumeIT {

    private static ObserverServer server;
    private static SsePublisher publisher;
    private static String epoch;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
        epoch = publisher.publish("first", 1).epoch();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void since_brings_what_came_strictly_after_the_cursor_then_caught_up_then_what_comes() {
        Published seen = publisher.publish("since", 1);
        Published missed = publisher.publish("since", 2);
        Published newest = publisher.publish("since", 3);

        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=" + seen.cursor())) {
            assertThat(reader.next("hello").id()).isEqualTo(seen.cursor());
            reader.expect(missed.frame() + "\n" + newest.frame());
            reader.expect("""
                    id: %1$s
                    event: caught_up
                    data: {"cursor":"%1$s"}
                    """.formatted(newest.cursor()));

            Published live = publisher.publish("since", 4);
            reader.expect(live.frame());
        }
    }

    @Test
    void since_takes_a_bare_id() {
        Published seen = publisher.publish("bare", 1);
        Published missed = publisher.publish("bare", 2);

        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=" + seen.id())) {
            reader.next("hello");
            reader.expect(missed.frame());
            reader.next("caught_up");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "earliest"})
    void since_the_start_brings_everything_retained(String start) {
        long newest = publisher.publish("everything", 1, 50).get(49).id();

        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=" + start)) {
            reader.next("hello");
            assertThat(eventIds(reader.through("caught_up")))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, newest).boxed().toList());
        }
    }

    @Test
    void a_replay_that_finds_nothing_has_caught_up_at_once() {
        Published newest = publisher.publish("nothing", 1);

        try (SseRecorder global = SseRecorder.open(server, "/v1/events/stream?since=" + newest.cursor());
                SseRecorder job = SseRecorder.open(server, "/v1/jobs/not-yet-there/events/stream?since=earliest")) {
            for (SseRecorder reader : List.of(global, job)) {
                reader.next("hello");
                reader.expect("""
                        id: %1$s
                        event: caught_up
                        data: {"cursor":"%1$s"}
                        """.formatted(newest.cursor()));
            }
        }
    }

    @Test
    void last_starts_with_the_newest_that_match() {
        publisher.publish("newest", "sheet.started", "{\"n\":1}");
        Published two = publisher.publish("newest", "sheet.started", "{\"n\":2}");
        Published three = publisher.publish("newest", "sheet.started", "{\"n\":3}");
        publisher.publish("newest", 4, 10);
        publisher.publish("another", "sheet.started", "{\"n\":11}");

        for (String stream : List.of(
                "/v1/jobs/newest/events/stream?event=sheet.*&last=2",
                "/v1/events/stream?job=newest&event=sheet.*&last=2")) {
            try (SseRecorder reader = SseRecorder.open(server, stream)) {
                reader.next("hello");
                reader.expect(two.frame() + "\n" + three.frame());
                reader.next("caught_up");
            }
        }
    }

    @Test
    void last_0_starts_with_what_comes_and_says_so() {
        publisher.publish("none", 1);

        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/none/events/stream?last=0")) {
            reader.next("hello");
            reader.next("caught_up");
            Published next = publisher.publish("none", 2);
            reader.expect(next.frame());
        }
    }

    @Test
    void last_takes_what_is_there_when_there_is_less() {
        List<Published> all = publisher.publish("few", 1, 3);

        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/few/events/stream?last=1000")) {
            reader.next("hello");
            reader.expect(all.stream().map(Published::frame).collect(Collectors.joining("\n")));
            reader.next("caught_up");
        }
    }

    @Test
    void the_last_event_id_beats_since_and_last() {
        List<Published> all = publisher.publish("beats", 1, 5);
        String seen = all.get(2).cursor();
        String since = all.get(0).cursor();

        for (String query : List.of("?since=" + since, "?last=1", "?since=earliest&last=0")) {
            try (SseRecorder reader =
                    SseRecorder.open(server, "/v1/jobs/beats/events/stream" + query, "Last-Event-ID: " + seen)) {
                assertThat(reader.next("hello").id()).isEqualTo(seen);
                reader.expect(all.get(3).frame() + "\n" + all.get(4).frame());
                reader.next("caught_up");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_event_id", "lastEventId"})
    void the_last_event_id_may_stand_in_the_query_where_the_header_beats_it(String name) {
        List<Published> all = publisher.publish("query-" + name, 1, 4);
        String stream = "/v1/jobs/query-" + name + "/events/stream?since=0&" + name + "="
                + all.get(1).cursor();

        try (SseRecorder reader = SseRecorder.open(server, stream)) {
            reader.next("hello");
            reader.expect(all.get(2).frame() + "\n" + all.get(3).frame());
            reader.next("caught_up");
        }
        try (SseRecorder reader =
                SseRecorder.open(server, stream, "Last-Event-ID: " + all.get(2).cursor())) {
            reader.next("hello");
            reader.expect(all.get(3).frame());
            reader.next("caught_up");
        }
    }

    @Test
    void the_id_of_any_frame_is_a_place_to_resume_from() {
        publisher.publish("any", 1);
        List<String> ids = new ArrayList<>();
        try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/any/events/stream?last=1")) {
            reader.through("caught_up").forEach(frame -> ids.add(String.valueOf(frame.id())));
        }
        publisher.publish("another", 1);
        Published missed = publisher.publish("any", 2);

        // hello stands before the first event, the event and caught_up after it.
        assertThat(ids).hasSize(3);
        for (String id : ids.subList(1, 3)) {
            try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/any/events/stream", "Last-Event-ID: " + id)) {
                reader.next("hello");
                reader.expect(missed.frame());
            }
        }
        try (SseRecorder reader =
                SseRecorder.open(server, "/v1/jobs/any/events/stream", "Last-Event-ID: " + ids.get(0))) {
            assertThat(eventIds(reader.through("caught_up"))).hasSize(2).endsWith(missed.id());
        }
    }

    @Test
    void resuming_at_any_point_of_the_past_misses_nothing_and_repeats_nothing() {
        List<Published> all = publisher.publish("middle", 1, 100);

        for (int seen = 0; seen < all.size(); seen += 7) {
            Published last = all.get(seen);
            try (SseRecorder reader =
                    SseRecorder.open(server, "/v1/jobs/middle/events/stream", "Last-Event-ID: " + last.cursor())) {
                reader.next("hello");
                assertThat(eventIds(reader.through("caught_up")))
                        .containsExactlyElementsOf(LongStream.rangeClosed(
                                        last.id() + 1, all.get(99).id())
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void a_reader_that_is_cut_off_after_every_third_event_sees_each_of_them_once() {
        List<Published> all = publisher.publish("chain", 1, 40);
        String seen = all.get(0).cursorBefore();
        List<String> got = new ArrayList<>();

        while (got.size() < all.size()) {
            try (SseRecorder reader =
                    SseRecorder.open(server, "/v1/jobs/chain/events/stream", "Last-Event-ID: " + seen)) {
                reader.next("hello");
                for (SseFrame frame : reader.next(Math.min(3, all.size() - got.size()))) {
                    got.add(frame.wire());
                    seen = String.valueOf(frame.id());
                }
            }
        }

        assertThat(got)
                .containsExactlyElementsOf(all.stream().map(Published::frame).toList());
    }

    @ParameterizedTest
    @MethodSource
    void a_cursor_of_another_life_of_the_log_is_a_gap_and_then_everything(String query, List<String> fields) {
        assertGapThenEverything("epoch", query, fields);
    }

    static Stream<Arguments> a_cursor_of_another_life_of_the_log_is_a_gap_and_then_everything() {
        return Stream.of(
                arguments("?since=another-1"),
                arguments("?last_event_id=another-1"),
                arguments("?lastEventId=another-1"),
                arguments("?last=0", "Last-Event-ID: another-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gibberish",
                "-",
                "EPOCH-",
                "EPOCH--1",
                "EPOCH-1x",
                "EPOCH-99999999999999999999",
                "EPOCH-1, EPOCH-2",
                "<img src=x>",
                "é-1",
                "EPOCH-0000000000000000000000000000000000000000000000000000000000000001",
            })
    void a_last_event_id_that_is_malformed_is_a_gap_and_then_everything(String id) {
        assertGapThenEverything("unknown", "", List.of("Last-Event-ID: " + id.replace("EPOCH", epoch)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last_event_id=1&last_event_id=2",
                "last_event_id=1&last_event_id=1",
                "lastEventId=&lastEventId=1"
            })
    void several_last_event_ids_in_the_query_are_one_that_is_malformed(String query) {
        assertGapThenEverything("unknown", "?" + query, List.of());
        assertGapThenEverything("unknown", "?last=0&" + query, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?since=CURSOR", "?since=ID", "?last_event_id=CURSOR", "?lastEventId=CURSOR"})
    void a_position_ahead_of_the_log_is_a_gap_and_then_everything(String query) {
        long future = publisher.publish("future", 1).id() + 1000;
        assertGapThenEverything(
                "unknown",
                query.replace("CURSOR", epoch + "-" + future).replace("ID", String.valueOf(future)),
                List.of());
        assertGapThenEverything("unknown", "", List.of("Last-Event-ID: " + epoch + "-" + future));
    }

    /** The answer is 200 in any case: a browser gives up for good on anything else. */
    private static void assertGapThenEverything(String reason, String query, List<String> fields) {
        long newest = publisher.publish("gap", 1).id();

        try (SseRecorder reader =
                SseRecorder.open(server, "/v1/events/stream" + query, fields.toArray(String[]::new))) {
            assertThat(reader.head().status()).isEqualTo(200);
            reader.next("hello");

            SseFrame gap = reader.next("gap");
            JsonNode data = gap.json();
            assertThat(data.propertyNames()).containsExactly("reason", "from", "to", "dropped");
            assertThat(data.required("reason").asString()).isEqualTo(reason);
            assertThat(gap.id()).isEqualTo(epoch + "-0");

            assertThat(eventIds(reader.through("caught_up")))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, newest).boxed().toList());
        }
    }

    private static Arguments arguments(String query, String... fields) {
        return Arguments.of(query, List.of(fields));
    }

    /** The ids of the events among the frames, which may hold nothing else but a caught_up at their end. */
    private static List<Long> eventIds(List<SseFrame> frames) {
        assertThat(frames.stream().filter(SseFrame::isControl).map(SseFrame::event))
                .isSubsetOf("hello", "caught_up");
        return frames.stream().filter(SseFrame::isEvent).map(SseFrame::eventId).toList();
    }
}
