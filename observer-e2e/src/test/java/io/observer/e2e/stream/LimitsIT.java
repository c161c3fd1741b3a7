package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that holds two streams and closes a reader which takes nothing for two seconds. */
class LimitsIT {

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.stream.max-connections=2", "--observer.stream.write-stall=2s");
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/events/stream", "/v1/events/stream?since=0", "/v1/jobs/any/events/stream"})
    void a_browser_beyond_the_limit_is_told_to_come_back_later_in_a_stream_of_its_own(String stream) {
        try (SseRecorder one = openWhenThereIsRoom();
                SseRecorder two = openWhenThereIsRoom();
                SseRecorder three = SseRecorder.open(server, stream);
                SseRecorder four = SseRecorder.open(server, stream, "Accept: text/html, text/event-stream;q=0.9")) {
            for (SseRecorder refused : List.of(three, four)) {
                assertThat(refused.head().status()).isEqualTo(200);
                assertThat(refused.head().field("Content-Type")).isEqualTo("text/event-stream");
                SseFrame busy = refused.next("busy");
                assertThat(busy.data()).isEqualTo("{}");
                assertThat(busy.id()).isNull();
                assertThat(Integer.parseInt(String.valueOf(busy.retry()))).isBetween(10_000, 20_000);
                refused.expectEnd();
            }

            Published next = publisher.publish("any", 1);
            one.expect(next.frame());
            two.expect(next.frame());
        }
    }

    @Test
    void any_other_client_beyond_the_limit_gets_503_and_when_to_come_back() {
        try (SseRecorder one = openWhenThereIsRoom();
                SseRecorder two = openWhenThereIsRoom();
                SseRecorder three = SseRecorder.open(server, "/v1/events/stream", "Accept: */*")) {
            assertThat(three.head().status()).isEqualTo(503);
            assertThat(three.head().field("Retry-After")).matches("[0-9]+");
            assertThat(three.head().field("Content-Type")).startsWith("application/problem+json");
            three.awaitEnd();
            assertThat(three.body()).contains("\"status\":503").contains("\"detail\":");

            Published next = publisher.publish("any", 1);
            one.expect(next.frame());
            two.expect(next.frame());
        }
    }

    @Test
    void a_reader_that_takes_nothing_is_closed_and_makes_room_while_others_read_on() {
        try (SseRecorder stuck = openWhenThereIsRoom();
                SseRecorder other = openWhenThereIsRoom()) {
            stuck.pause();
            String line = "{\"line\":\"" + "x".repeat(2_000) + "\"}";
            for (int batch = 0; batch < 40; batch++) {
                List<Published> published =
                        publisher.publishAll(Collections.nCopies(100, SsePublisher.event("any", "log.line", line)));
                assertThat(other.through(published.get(99).id())).hasSize(100).allMatch(SseFrame::isEvent);
            }

            try (SseRecorder next = openWhenThereIsRoom()) {
                Published live = publisher.publish("any", 1);
                other.expect(live.frame());
                next.expect(live.frame());
            }
            stuck.resume();
            stuck.awaitEnd();
        }
    }

    /** A stream whose reader takes little at a time, opened as soon as an earlier one has made room for it. */
    private static SseRecorder openWhenThereIsRoom() {
        List<SseRecorder> opened = new ArrayList<>();
        Awaitility.await("room for a stream").until(() -> {
            SseRecorder reader = SseRecorder.openSlow(server, "/v1/events/stream");
            if (reader.next().is("hello")) {
                reader.resume();
                opened.add(reader);
            } else {
                reader.close();
            }
            return !opened.isEmpty();
        });
        return opened.get(0);
    }
}
