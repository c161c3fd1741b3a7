package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("A full disk stops writes, not reads, and heals")
class FullDiskIT {

    private static final HttpCall ONE = HttpCall.publish("{\"event\":\"log.line\",\"job_id\":\"small\"}");

    private static final HttpCall TWENTY_OF_A_KILOBYTE = HttpCall.publishLines(
            ("{\"event\":\"log.line\",\"job_id\":\"large\",\"data\":{\"x\":\"" + "x".repeat(1_000) + "\"}}\n")
                    .repeat(20));

    @TempDir
    private Path mountPoint;

    private SmallDisk disk;

    @BeforeEach
    void mount() {
        disk = SmallDisk.mount(mountPoint);
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void publishes_are_refused_until_there_is_room_again_and_everything_else_goes_on() {
        List<String> lines;
        try (ObserverServer server = Load.start(disk.path("data"));
                SseRecorder live = SseRecorder.open(server, "/v1/events/stream")) {
            HttpApi api = new HttpApi(server);
            live.next("hello");
            disk.takeHalf();

            fillTheLog(api);
            lines = new LogFiles(disk.path("data")).lines();
            long last = lines.size();
            assertThat(lines.stream().map(LogFiles::event).map(LogFiles::id))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
            assertThatReadsGoOn(server, lines);
            assertHealth(api, "/health/readiness", 503, "DOWN");
            assertHealth(api, "/health/liveness", 200, "UP");

            disk.free();

            Awaitility.await("readiness, with nobody publishing")
                    .until(() -> api.get("/health/readiness").status() == 200);
            assertThat(api.json("/health/readiness").required("degraded")).isEmpty();
            JsonNode next = api.call(ONE).json();
            assertThat(next.required("id").longValue()).isEqualTo(last + 1);
            lines = new LogFiles(disk.path("data")).lines();
            Kept.assertSame("what a reader got all along", events(live.through(last + 1)), lines);
        }

        try (ObserverServer again = Load.start(disk.path("data"))) {
            assertThatReadsGoOn(again, lines);
            assertHealth(new HttpApi(again), "/health/readiness", 200, "UP");
        }
    }

    /** With large publishes until one does not fit, with the rest of the disk taken by somebody else, and with small ones. */
    private void fillTheLog(HttpApi api) {
        publishUntilRefused(api, TWENTY_OF_A_KILOBYTE);
        disk.takeTheRest();
        publishUntilRefused(api, TWENTY_OF_A_KILOBYTE);
        publishUntilRefused(api, ONE);
    }

    private static void publishUntilRefused(HttpApi api, HttpCall publish) {
        long last = api.lastId();
        HttpAnswer answer = api.call(publish);
        for (; answer.status() == 201; answer = api.call(publish)) {
            last = answer.json().path("last_id").asLong(last + 1);
            assertThat(last).as("an id that a disk of 1 MiB cannot hold").isLessThan(20_000);
        }
        assertOutOfSpace(answer);
        assertThat(api.lastId()).as("the newest id after a refusal").isEqualTo(last);
    }

    private static void assertOutOfSpace(HttpAnswer refusal) {
        assertThat(refusal.status()).as("%s", refusal).isEqualTo(507);
        assertThat(refusal.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refusal.json().required("status").intValue()).isEqualTo(507);
        assertThat(refusal.json().required("title").stringValue()).isEqualTo("Insufficient Storage");
        assertThat(refusal.json().required("detail").stringValue())
                .contains("No space left on device")
                .contains("try again")
                .doesNotContain("Exception");
    }

    private static void assertThatReadsGoOn(ObserverServer server, List<String> lines) {
        HttpApi api = new HttpApi(server);
        JsonNode page = api.page("limit=1000&job=small");
        assertThat(page.required("events").valueStream().map(LogFiles::id))
                .containsExactlyElementsOf(LogFiles.ofJob("small", lines).stream()
                        .map(line -> LogFiles.id(LogFiles.event(line)))
                        .toList());
        assertThat(page.required("last_id").longValue()).isEqualTo(lines.size());
        try (SseRecorder replay = SseRecorder.open(server, "/v1/events/stream?since=earliest")) {
            Kept.assertSame("a replay", events(replay.through("caught_up")), lines);
        }
    }

    private static void assertHealth(HttpApi api, String path, int code, String status) {
        HttpAnswer answer = api.get(path);
        assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(code);
        JsonNode health = answer.json();
        assertThat(health.required("status").stringValue()).isEqualTo(status);
        if (status.equals("DOWN")) {
            assertThat(health.required("degraded").valueStream().map(JsonNode::stringValue))
                    .singleElement()
                    .asString()
                    .contains("No space left on device");
        }
    }

    private static List<String> events(List<SseFrame> frames) {
        return frames.stream()
                .filter(SseFrame::isEvent)
                .map(frame -> String.valueOf(frame.data()))
                .toList();
    }
}
