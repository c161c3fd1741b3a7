package io.observer.e2e.recorder;

import static io.observer.e2e.recorder.Recording.eventually;
import static io.observer.e2e.recorder.Recording.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("A job's timeline")
class TimelineIT {

    @TempDir
    Path root;

    @Test
    void holds_the_observer_events_of_its_job_merged_in_order_and_without_what_is_excluded() throws IOException {
        Recording recording = Recording.start(root);
        try (ObserverServer server = recording.server()) {
            Path timeline = recording.record("build-7");
            long created = recording.publish("build-7", "created", "src/A.java");
            recording.publish("build-7", "created", ".git/HEAD");
            recording.publish("other", "created", "src/A.java");
            recording.publish("build-7", "modified", "src/A.java");
            long modified = recording.publish("build-7", "modified", "src/A.java");
            long deleted = recording.publish("build-7", "deleted", "src/A.java");

            eventually(() -> assertThat(lines(timeline)).containsExactly(created, modified, deleted));

            assertThat(Files.readAllLines(timeline).get(1)).endsWith(",\"coalesced\":2}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(timeline)))
                    .isEqualTo("rw-------");
            assertThat(recording.ids("/v1/jobs/build-7/observer"))
                    .containsExactly(deleted, modified, modified - 1, created);
        }
    }

    @Test
    void goes_on_after_a_restart_with_its_history_at_hand() throws IOException {
        Path data = root.resolve("data");
        Path timeline;
        long first;
        String[] kept = {"--log", "file", "--data-dir", data.toString()};
        Recording before = Recording.start(root, kept);
        try (ObserverServer server = before.server()) {
            timeline = before.record("build-7");
            first = before.publish("build-7", "modified", "a");
            server.terminate();
            assertThat(lines(timeline)).as("what was held back").containsExactly(first);
        }

        Recording after = Recording.start(root, kept);
        try (ObserverServer server = after.server()) {
            assertThat(after.api().json("/v1/jobs/build-7").get("recording").booleanValue())
                    .isTrue();
            long second = after.publish("build-7", "created", "b");

            assertThat(after.ids("/v1/jobs/build-7/observer")).containsExactly(second, first);
            assertThat(after.ids("/v1/observer/recent")).containsExactly(second, first);
            eventually(() -> assertThat(lines(timeline)).containsExactly(first, second));
        }
    }

    @Test
    void goes_on_after_a_kill_behind_a_line_that_was_torn() throws IOException {
        Path data = root.resolve("data");
        Path timeline;
        long first;
        String[] kept = {"--log", "file", "--data-dir", data.toString()};
        Recording before = Recording.start(root, kept);
        try (ObserverServer server = before.server()) {
            timeline = before.record("build-7");
            first = before.publish("build-7", "created", "a");
            Path written = timeline;
            long id = first;
            eventually(() -> assertThat(lines(written)).containsExactly(id));
            server.kill();
        }
        Files.writeString(timeline, Files.readString(timeline) + "{\"id\":99,\"to");

        Recording after = Recording.start(root, kept);
        try (ObserverServer server = after.server()) {
            long second = after.publish("build-7", "created", "b");

            Path written = timeline;
            eventually(() -> assertThat(Files.readAllLines(written)).hasSize(3));
            assertThat(Files.readAllLines(timeline).get(1)).isEqualTo("{\"id\":99,\"to");
            assertThat(Files.readAllLines(timeline).get(2)).startsWith("{\"id\":" + second + ",");
        }
    }

    @Test
    void that_turns_into_a_link_degrades_its_job_alone_and_heals() throws IOException {
        Recording recording = Recording.start(root);
        try (ObserverServer server = recording.server();
                HttpStream events = HttpStream.open(server, HttpCall.get("/v1/events/stream?event=recorder.*"))) {
            events.await("hello", stream -> stream.events().contains("hello"));
            Path sick = recording.record("sick");
            Path well = recording.record("well");
            Path victim = Files.writeString(root.resolve("victim"), "precious");
            long first = recording.publish("sick", "created", "a");
            eventually(() -> assertThat(lines(sick)).containsExactly(first));
            Files.delete(sick);
            Files.createSymbolicLink(sick, victim);

            long second = recording.publish("sick", "created", "b");
            long other = recording.publish("well", "created", "b");

            eventually(() -> assertThat(recording.api().json("/health").get("degraded"))
                    .extracting(JsonNode::stringValue)
                    .containsExactly("recorder: sick: the timeline is a symbolic link"));
            assertThat(recording.api().json("/health").get("status").stringValue())
                    .isEqualTo("UP");
            assertThat(recording.metric("observer_recorder_degraded")).isEqualTo(1);
            assertThat(recording.ids("/v1/jobs/sick/observer")).containsExactly(second, first);
            eventually(() -> assertThat(lines(well)).containsExactly(other));
            events.await("the event", stream -> stream.events().contains("recorder.degraded"));
            assertThat(victim).hasContent("precious");

            Files.delete(sick);
            eventually(() -> assertThat(lines(sick)).containsExactly(second));
            events.await("the end of it", stream -> stream.events().contains("recorder.recovered"));
            eventually(() -> assertThat(
                            recording.api().json("/health").get("degraded").isEmpty())
                    .isTrue());
        }
    }

    @Test
    void survives_that_its_workspace_vanishes_for_a_while() throws IOException {
        Recording recording = Recording.start(root);
        try (ObserverServer server = recording.server()) {
            Path timeline = recording.record("build-7");
            Files.delete(timeline.getParent());
            List<Long> published = new ArrayList<>();
            for (int n = 0; n < 50; n++) {
                published.add(recording.publish("build-7", "created", "file-" + n));
            }
            eventually(() ->
                    assertThat(recording.metric("observer_recorder_failures")).isPositive());

            Files.createDirectory(timeline.getParent());

            eventually(() -> assertThat(lines(timeline)).containsExactlyElementsOf(published));
            assertThat(recording.metric("observer_recorder_lost")).isZero();
        }
    }

    @Test
    void loses_nothing_of_a_batch_that_is_larger_than_every_buffer() throws IOException {
        // A log that holds all of it: what is gone from there while the machine is busy is told of, and lost.
        Recording recording = Recording.start(root, "--log", "file", "--observer.bus.max-queue-size=100");
        try (ObserverServer server = recording.server()) {
            Path timeline = recording.record("build-7");
            String batch = IntStream.range(0, 10_000)
                    .mapToObj(
                            n -> "{\"job_id\":\"build-7\",\"event\":\"observer.process_spawned\",\"data\":{\"pid\":%d}}"
                                    .formatted(n))
                    .collect(Collectors.joining("\n"));
            for (int n = 0; n < 5; n++) {
                recording.api().publishLines(batch);
            }

            eventually(() -> assertThat(lines(timeline)).endsWith(50_000L));
            List<Long> all = LongStream.rangeClosed(1, 50_000).boxed().toList();
            assertThat(lines(timeline)).isEqualTo(all);
            assertThat(recording.metric("observer_recorder_missed")).isZero();
        }
    }

    @Test
    void is_whole_after_a_stop_in_the_middle_of_a_flood() throws IOException {
        Recording recording = Recording.start(root, "--observer.recorder.max-timeline-bytes=100MB");
        Path timeline;
        try (ObserverServer server = recording.server()) {
            timeline = recording.record("build-7");
            String name = "x".repeat(4_000);
            String batch = IntStream.range(0, 1_900)
                    .mapToObj(n ->
                            "{\"job_id\":\"build-7\",\"event\":\"observer.process_spawned\",\"data\":{\"name\":\"%s\"}}"
                                    .formatted(name))
                    .collect(Collectors.joining("\n"));
            for (int n = 0; n < 8; n++) {
                recording.api().publishLines(batch);
            }

            server.askToEnd();

            assertThat(server.endsWithin(Duration.ofSeconds(10)))
                    .as("%s", server)
                    .isTrue();
        }
        assertThat(lines(timeline))
                .isEqualTo(LongStream.rangeClosed(1, 8 * 1_900).boxed().toList());
    }

    @Test
    void stays_within_its_size() throws IOException {
        Recording recording = Recording.start(root, "--observer.recorder.max-timeline-bytes=4096");
        try (ObserverServer server = recording.server()) {
            Path timeline = recording.record("build-7");
            long last = 0;
            for (int n = 0; n < 200; n++) {
                last = recording.publish("build-7", "created", "file-" + n);
            }
            long newest = last;

            eventually(() -> assertThat(lines(timeline)).endsWith(newest));
            assertThat(Files.size(timeline)).isBetween(2_500L, 4_096L);
            assertThat(lines(timeline)).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void is_not_there_when_nothing_is_to_be_persisted() throws IOException {
        Recording recording = Recording.start(root, "--observer.recorder.persist-events=false");
        try (ObserverServer server = recording.server()) {
            Path timeline = recording.record("build-7");
            long id = recording.publish("build-7", "created", "a");

            assertThat(recording.ids("/v1/jobs/build-7/observer")).containsExactly(id);
            assertThat(recording.unregister("build-7").status()).isEqualTo(204);
            assertThat(timeline).doesNotExist();
        }
    }
}
