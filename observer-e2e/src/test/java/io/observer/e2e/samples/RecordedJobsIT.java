package io.observer.e2e.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A Maven build, an npm install and a clone with its tests, which ran partly at the same time. */
class RecordedJobsIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Path FILE = Path.of(
                    System.getProperty("basedir", System.getProperty("user.dir")),
                    "../observer-core/src/test/resources/recorded/jobs.jsonl")
            .normalize();

    @Test
    void every_reader_gets_exactly_its_events_with_their_payloads_byte_for_byte() throws IOException {
        List<Recorded> recorded =
                Files.readAllLines(FILE).stream().map(Recorded::parse).toList();

        // Buffers that hold the whole file: the command sends a thousand events at a time, which is as much as a
        // reader's buffer usually holds, so that a reader on a busy machine might rightly be told of a gap.
        try (ObserverServer server = ObserverServer.start(
                        "--observer.bus.max-queue-size=10000", "--observer.stream.queue-bytes=16MB");
                SseRecorder global = SseRecorder.open(server, "/v1/events/stream");
                SseRecorder ledger = ofJob(server, "ledger-build");
                SseRecorder install = ofJob(server, "web-install");
                SseRecorder clone = ofJob(server, "clone-and-test");
                SseRecorder filtered =
                        SseRecorder.open(server, "/v1/events/stream?event=observer.process_*,monitor.*,job.*")) {
            List<Reading> readings = List.of(
                    new Reading(global, event -> true),
                    new Reading(ledger, event -> event.job("ledger-build")),
                    new Reading(install, event -> event.job("web-install")),
                    new Reading(clone, event -> event.job("clone-and-test")),
                    new Reading(filtered, event -> event.name().matches("(observer\\.process_|monitor\\.|job\\.).*")));
            readings.forEach(reading -> reading.reader().next("hello"));

            publish(server);

            for (Reading reading : readings) {
                List<Recorded> expected =
                        recorded.stream().filter(reading.matching()).toList();
                assertCarry(take(reading.reader(), expected), expected);
            }
            List<SseFrame> all =
                    global.frames().stream().filter(SseFrame::isEvent).toList();
            lateJoinerGetsTheRest(server, all, recorded);
            finishedJobsAreReplayedAndEnd(server, recorded);
        }
    }

    private static SseRecorder ofJob(ObserverServer server, String job) {
        return SseRecorder.open(server, "/v1/jobs/" + job + "/events/stream?follow=true");
    }

    private static void publish(ObserverServer server) throws IOException {
        try (Starting publish =
                ObserverServer.launch("publish", "--url", server.url().toString())) {
            publish.stdin().write(Files.readAllBytes(FILE));
            publish.endInput();
            assertThat(publish.exitCode()).as("%s", publish).isZero();
            assertThat(publish.stderr()).containsPattern("5,?099");
        }
    }

    private static void lateJoinerGetsTheRest(ObserverServer server, List<SseFrame> all, List<Recorded> recorded) {
        for (int seen : List.of(1, 2_500, recorded.size() - 1)) {
            String id = String.valueOf(all.get(seen - 1).id());
            try (SseRecorder late = SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: " + id)) {
                late.next("hello");
                List<Recorded> rest = recorded.subList(seen, recorded.size());
                assertCarry(take(late, rest), rest);
                late.next("caught_up");
            }
        }
    }

    private static void finishedJobsAreReplayedAndEnd(ObserverServer server, List<Recorded> recorded) {
        for (String job : Set.of("ledger-build", "web-install", "clone-and-test")) {
            try (SseRecorder reader = SseRecorder.open(server, "/v1/jobs/" + job + "/events/stream?since=0")) {
                reader.next("hello");
                List<Recorded> ofTheJob =
                        recorded.stream().filter(event -> event.job(job)).toList();
                assertCarry(take(reader, ofTheJob), ofTheJob);
                reader.next("caught_up");
                assertThat(reader.next("job_finished").data())
                        .isEqualTo("{\"job_id\":\"" + job + "\",\"final_status\":\"completed\"}");
                reader.expectEnd();
            }
        }
    }

    /** The next events, as many as are expected; a stream that follows its job says in between that it has finished. */
    private static List<SseFrame> take(SseRecorder reader, List<Recorded> expected) {
        return Stream.generate(reader::next)
                .filter(frame -> !frame.is("job_finished"))
                .limit(expected.size())
                .toList();
    }

    private static void assertCarry(List<SseFrame> frames, List<Recorded> expected) {
        assertThat(frames)
                .extracting(SseFrame::event)
                .containsExactlyElementsOf(expected.stream().map(Recorded::name).toList());
        assertThat(frames)
                .extracting(frame -> Recorded.payload(String.valueOf(frame.data())))
                .containsExactlyElementsOf(
                        expected.stream().map(Recorded::payload).toList());
        assertThat(frames)
                .<JsonNode>extracting(frame -> ((ObjectNode) frame.json()).without("id"))
                .containsExactlyElementsOf(expected.stream().map(Recorded::json).toList());
        assertThat(frames).extracting(SseFrame::eventId).isSorted().doesNotHaveDuplicates();
    }

    /** A reader and which events it must get. */
    private record Reading(SseRecorder reader, Predicate<Recorded> matching) {}

    /** A line of the file. */
    private record Recorded(String line, JsonNode json) {

        static Recorded parse(String line) {
            return new Recorded(line, JSON.readTree(line.getBytes(StandardCharsets.UTF_8)));
        }

        boolean job(String job) {
            return json.required("job_id").asString().equals(job);
        }

        String name() {
            return json.required("event").asString();
        }

        String payload() {
            return payload(line);
        }

        /** The text of {@code data}, which stands between its key and the time stamp. */
        static String payload(String event) {
            return event.substring(event.indexOf(",\"data\":") + 8, event.lastIndexOf(",\"timestamp\":"));
        }
    }
}
