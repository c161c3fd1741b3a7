package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseHttp2Recorder;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseReader;
import io.observer.e2e.kit.SseRecorder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What a stream promises, over each way on which one is served. */
@DisplayName("A stream")
class StreamPromisesIT {

    private static final String ORIGIN = "Origin: https://dash.example";

    /** What a log of this server keeps. */
    private static final int KEPT = 1_000;

    /** Enough that neither a reader's buffer nor what lies between it and the server can hold it. */
    private static final int SMALL_EVENTS = 12_000;

    private static final int LARGE_EVENTS = 1_500;

    private static ObserverServer server;
    private static SsePublisher publisher;
    private static HttpClient http2;

    private enum Way {
        HTTP_1_1 {
            @Override
            SseReader open(String target) {
                return SseRecorder.open(server, target);
            }

            @Override
            SseReader openSlow(String target) {
                return SseRecorder.openSlow(server, target);
            }

            @Override
            int status(String target) {
                return HttpConnection.exchange(server, HttpCall.get(target)).status();
            }
        },

        /** Which is left to the framework. */
        HTTP_1_1_OF_A_PAGE {
            @Override
            SseReader open(String target) {
                return SseRecorder.open(server, target, ORIGIN);
            }

            @Override
            SseReader openSlow(String target) {
                return SseRecorder.openSlow(server, target, ORIGIN);
            }

            @Override
            int status(String target) {
                HttpCall call = HttpCall.get(target).header(ORIGIN);
                return HttpConnection.exchange(server, call).status();
            }
        },

        HTTP_2 {
            @Override
            SseReader open(String target) {
                return SseHttp2Recorder.open(http2, server.url(), target);
            }

            @Override
            SseReader openSlow(String target) {
                SseReader reader = open(target);
                reader.pause();
                return reader;
            }

            @Override
            int status(String target) throws Exception {
                URI url = server.url().resolve(target);
                return http2.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                        .statusCode();
            }
        };

        abstract SseReader open(String target);

        /** Takes little, and nothing any more after a while, until it is resumed. */
        abstract SseReader openSlow(String target);

        abstract int status(String target) throws Exception;
    }

    @BeforeAll
    static void start() {
        server = ObserverServer.start(
                "--observer.log.max-entries=" + KEPT, "--observer.security.allowed-origins=https://dash.example");
        publisher = new SsePublisher(server);
        http2 = SseHttp2Recorder.client();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void brings_what_was_and_what_comes_in_the_order_of_the_log_and_once(Way way) {
        List<Published> past = publisher.publish("order", 1, 300);
        try (SseReader reader =
                way.open("/v1/events/stream?since=" + past.get(0).cursorBefore())) {
            reader.next("hello");
            List<Published> present = publisher.publish("order", 301, 600);

            List<SseFrame> frames = reader.through(present.get(299).id());
            frames.removeIf(frame -> frame.is("caught_up"));
            past.addAll(present);
            assertThat(frames.stream().map(SseFrame::wire))
                    .containsExactlyElementsOf(
                            past.stream().map(Published::frame).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void brings_only_what_its_filter_lets_through(Way way) {
        try (SseReader ofNames = way.open("/v1/events/stream?event=sheet.*,job.?ailed");
                SseReader ofJob = way.open("/v1/events/stream?job=mine,ours")) {
            ofNames.next("hello");
            ofJob.next("hello");
            publisher.publish("mine", 1);
            Published sheet = publisher.publish("other", "sheet.started", "null");
            Published failed = publisher.publish("ours", "job.failed", "null");

            ofNames.expect(sheet.frame() + "\n" + failed.frame());
            assertThat(ofJob.next(2))
                    .extracting(frame -> frame.json().required("job_id").asString())
                    .containsExactly("mine", "ours");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tells_of_what_retention_took_before_it_goes_on(Way way) {
        Published seen = publisher.publish("evicted", 1);
        List<Published> later = publisher.publish("evicted", 2, KEPT + 101);
        Published firstKept = later.get(100);

        try (SseReader reader = way.open("/v1/events/stream?last_event_id=" + seen.cursor())) {
            reader.next("hello");
            SseFrame gap = reader.next("gap");
            assertThat(gap.id()).isEqualTo(firstKept.cursorBefore());
            assertThat(gap.json().required("reason").asString()).isEqualTo("evicted");
            assertThat(gap.json().required("from").asLong()).isEqualTo(seen.id() + 1);
            assertThat(gap.json().required("to").asLong()).isEqualTo(firstKept.id() - 1);
            reader.expect(later.subList(100, KEPT + 100).stream()
                    .map(Published::frame)
                    .collect(Collectors.joining("\n")));
            reader.next("caught_up");
        }
    }

    @ParameterizedTest
    @EnumSource
    void of_a_job_ends_with_it_and_has_nothing_more_to_say_to_who_heard_that(Way way) throws Exception {
        String stream = "/v1/jobs/" + way.name() + "/events/stream";
        Published started = publisher.publish(way.name(), "job.started", "null");
        try (SseReader reader = way.open(stream + "?since=" + started.cursorBefore())) {
            reader.next("hello");
            reader.expect(started.frame());
            reader.next("caught_up");

            Published completed = publisher.publish(way.name(), "job.completed", "null");
            reader.expect(completed.frame());
            SseFrame finished = reader.next("job_finished");
            assertThat(finished.data()).isEqualTo("{\"job_id\":\"" + way.name() + "\",\"final_status\":\"completed\"}");
            reader.expectEnd();

            assertThat(way.status(stream + "?last_event_id=" + finished.id())).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_a_thousand_events_for_a_reader_that_stopped_and_says_which_it_dropped(Way way) {
        List<SseFrame> kept = assertDropsTheOldest(way, SMALL_EVENTS, "{}");
        assertThat(kept).hasSize(1_000);
    }

    @ParameterizedTest
    @EnumSource
    void keeps_a_mebibyte_for_a_reader_that_stopped_and_says_which_it_dropped(Way way) {
        List<SseFrame> kept = assertDropsTheOldest(way, LARGE_EVENTS, "{\"line\":\"" + "x".repeat(4_000) + "\"}");
        int bytes = kept.stream()
                .mapToInt(frame -> String.valueOf(frame.data()).length())
                .sum();
        assertThat(bytes).isBetween((1 << 20) - 5_000, 1 << 20);
    }

    /**
     * Publishes events to a reader that stopped and answers with those it got behind its last gap. All it got and all
     * its gaps name are what was published, in order.
     */
    private static List<SseFrame> assertDropsTheOldest(Way way, int count, String data) {
        try (SseReader slow = way.openSlow("/v1/events/stream");
                SseReader quick = way.open("/v1/events/stream?event=last")) {
            quick.next("hello");
            int batch = count / 6;
            long first = 0;
            for (int published = 0; published < count; published += batch) {
                long id = publisher
                        .publishAll(Collections.nCopies(batch, SsePublisher.event("slow", "log.line", data)))
                        .get(0)
                        .id();
                first = published == 0 ? id : first;
            }
            Published last = publisher.publish("slow", "last", "null");
            quick.expect(last.frame());
            slow.resume();

            slow.next("hello");
            List<SseFrame> behindLastGap = new ArrayList<>();
            long next = first;
            for (SseFrame frame : slow.through(last.id())) {
                JsonNode json = frame.json();
                if (frame.is("gap")) {
                    assertThat(json.required("reason").asString()).isEqualTo("slow");
                    assertThat(json.required("from").asLong()).isEqualTo(next);
                    next = json.required("to").asLong() + 1;
                    assertThat(json.required("dropped").asLong())
                            .isEqualTo(next - json.required("from").asLong());
                    behindLastGap.clear();
                } else {
                    assertThat(frame.eventId()).isEqualTo(next++);
                    behindLastGap.add(frame);
                }
            }
            assertThat(behindLastGap).as("events behind a gap").hasSizeLessThan(count);
            return behindLastGap;
        }
    }
}
