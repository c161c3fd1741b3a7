package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.BadReaders;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Vitals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A reader that cannot keep up loses the oldest of what waits for it, is told exactly what, and harms nobody else. */
class SlowReaderIT {

    /** Enough that neither a reader's buffer nor the kernel's can hold it. */
    private static final int EVENTS = 6_000;

    private static final int BATCH = 100;
    private static final String TWO_KILOBYTES = "{\"line\":\"" + "x".repeat(2_000) + "\"}";

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.log.max-entries=100000");
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void what_it_got_and_what_the_gaps_name_add_up_to_everything_and_others_miss_nothing() {
        try (SseRecorder slow = SseRecorder.openSlow(server, "/v1/events/stream");
                SseRecorder slowAndFiltered = SseRecorder.openSlow(server, "/v1/events/stream?job=right");
                SseRecorder quick = SseRecorder.open(server, "/v1/events/stream")) {
            for (SseRecorder reader : List.of(slow, slowAndFiltered, quick)) {
                reader.next("hello");
            }

            List<Published> all = publishAsFastAs(quick);
            slow.resume();
            slowAndFiltered.resume();

            List<SseFrame> got = slow.through(all.get(EVENTS - 1).id());
            assertAddsUp(got, all);
            assertGapsNameEveryIdPassedOver(got, all.get(0).id());
            // Every other event is of this job, the last one too.
            List<Published> ofTheJob = IntStream.range(0, EVENTS)
                    .filter(i -> i % 2 == 1)
                    .mapToObj(all::get)
                    .toList();
            assertAddsUp(slowAndFiltered.through(all.get(EVENTS - 1).id()), ofTheJob);

            Published next = publisher.publish("right", 0);
            for (SseRecorder reader : List.of(slow, slowAndFiltered, quick)) {
                reader.expect(next.frame());
            }
        }
    }

    @Test
    void others_get_everything_in_order_beside_readers_that_stop_or_trickle_and_requests_that_never_end() {
        try (BadReaders bad = BadReaders.gather(server.url(), 10, 5, 200);
                SseRecorder one = SseRecorder.open(server, "/v1/events/stream");
                SseRecorder another = SseRecorder.open(server, "/v1/events/stream")) {
            one.next("hello");
            another.next("hello");
            double dropped = dropped();

            List<Long> all = publishAsFastAs(one).stream().map(Published::id).toList();

            assertThat(another.through(all.get(EVENTS - 1)))
                    .extracting(SseFrame::eventId)
                    .containsExactlyElementsOf(all);
            assertThat(dropped()).as("what the bad ones did not take").isGreaterThan(dropped);
        }
    }

    private static double dropped() {
        return new Vitals(server).metric("observer_bus_dropped_total");
    }

    @Test
    void a_replay_waits_for_its_reader_and_loses_nothing() {
        List<Published> past;
        try (SseRecorder quick = SseRecorder.open(server, "/v1/events/stream")) {
            quick.next("hello");
            past = publishAsFastAs(quick);
        }
        String start = past.get(0).cursorBefore();
        try (SseRecorder slow = SseRecorder.openSlow(server, "/v1/events/stream?since=" + start)) {
            slow.next("hello");
            List<Published> present = publisher.publish("right", 1, 900);
            slow.resume();

            List<SseFrame> replay = slow.through(present.get(899).id());

            assertThat(replay.stream().filter(SseFrame::isEvent).map(SseFrame::eventId))
                    .containsExactlyElementsOf(Stream.concat(past.stream(), present.stream())
                            .map(Published::id)
                            .toList());
            assertThat(replay).noneMatch(frame -> frame.is("gap"));
        }
    }

    /** Publishes events of the jobs {@code left} and {@code right} in turn, no faster than the reader takes them. */
    private static List<Published> publishAsFastAs(SseRecorder reader) {
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i += 2) {
            batch.add(SsePublisher.event("left", "log.line", TWO_KILOBYTES));
            batch.add(SsePublisher.event("right", "log.line", TWO_KILOBYTES));
        }
        List<Published> all = new ArrayList<>();
        while (all.size() < EVENTS) {
            all.addAll(publisher.publishAll(batch));
            assertThat(reader.through(all.get(all.size() - 1).id()))
                    .hasSize(BATCH)
                    .allMatch(SseFrame::isEvent);
        }
        return all;
    }

    /** Every matching event was delivered or lies within a gap, which counts it, and comes before what follows. */
    private static void assertAddsUp(List<SseFrame> frames, List<Published> matching) {
        List<Long> accountedFor = new ArrayList<>();
        int gaps = 0;
        for (int i = 0; i < frames.size(); i++) {
            SseFrame frame = frames.get(i);
            if (frame.is("gap")) {
                JsonNode gap = frame.json();
                assertThat(gap.required("reason").asString()).isEqualTo("slow");
                long from = gap.required("from").asLong();
                long to = gap.required("to").asLong();
                List<Long> passedOver = matching.stream()
                        .map(Published::id)
                        .filter(id -> from <= id && id <= to)
                        .toList();
                assertThat(gap.required("dropped").asInt()).as("%s", frame).isEqualTo(passedOver.size());
                assertThat(frame.id()).endsWith("-" + to);
                assertThat(frames.get(i + 1).isEvent())
                        .as("an event follows %s", frame)
                        .isTrue();
                accountedFor.addAll(passedOver);
                gaps++;
            } else if (frame.isEvent()) {
                accountedFor.add(frame.eventId());
            }
        }
        assertThat(gaps).as("number of gaps").isPositive();
        assertThat(accountedFor)
                .containsExactlyElementsOf(matching.stream().map(Published::id).toList());
    }

    /** Without a filter nothing lies between a gap and its neighbours. */
    private static void assertGapsNameEveryIdPassedOver(List<SseFrame> frames, long first) {
        long next = first;
        for (SseFrame frame : frames) {
            if (frame.is("gap")) {
                assertThat(frame.json().required("from").asLong()).isEqualTo(next);
                next = frame.json().required("to").asLong() + 1;
            } else if (frame.isEvent()) {
                assertThat(frame.eventId()).isEqualTo(next);
                next++;
            }
        }
    }
}
