package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventPayload;
import io.observer.event.TestEvents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real jobs, with the timelines that a recorder with other rules has made of them. Both tell of the same events; where
 * they differ, the tests say why.
 */
@DisplayName("The timelines of recorded jobs")
class RecordedTimelinesTest {

    @TempDir
    Path root;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ledger-build", "web-install", "clone-and-test"})
    void have_the_same_lines_but_for_the_recorders_own_file(String job) throws IOException {
        List<String> theirs = sample(job);
        List<String> ours =
                replay("jobs").get(job).stream().map(Line::withoutOwnKeys).toList();

        assertThat(theirs).as("theirs tells of itself").anyMatch(RecordedTimelinesTest::isOwnFile);
        assertThat(ours).as("ours never does").noneMatch(RecordedTimelinesTest::isOwnFile);
        assertThat(ours).containsExactlyInAnyOrderElementsOf(without(theirs));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ledger-build", "web-install", "clone-and-test"})
    void keep_the_order_of_each_file_where_theirs_wrote_what_it_held_back_too_late(String job) throws IOException {
        List<Line> ours = replay("jobs").get(job);

        Map<String, Long> newest = new HashMap<>();
        for (Line line : ours) {
            Long before = newest.put(line.path(), line.id());
            assertThat(before == null || before < line.id())
                    .as("%s comes after %s of its file", line.json(), before)
                    .isTrue();
        }
    }

    /** Theirs looked for what is due every two seconds, ours writes it when it is due: so only the order differs. */
    @Test
    void merge_the_same_changes_of_files_that_are_written_again_and_again() throws IOException {
        List<String> theirs = without(sample("dense-writes"));
        List<Line> ours = replay("dense").get("dense-writes");

        assertThat(ours).extracting(Line::withoutOwnKeys).containsExactlyInAnyOrderElementsOf(theirs);
        assertThat(ours.stream().mapToInt(Line::standsFor).sum())
                .as("ours tells how many events a line stands for")
                .isEqualTo((int) without(sample("dense")).stream()
                        .filter(line -> line.contains("\"event\":\"observer."))
                        .count());
    }

    /** The lines of each job when its events come at the pace of their timestamps. */
    private Map<String, List<Line>> replay(String name) throws IOException {
        TestRecorder test = new TestRecorder(root.toRealPath());
        Map<String, Path> timelines = new HashMap<>();
        double now = 0;
        for (String line : sample(name)) {
            Event event = TestEvents.draft(line).at(1);
            if (now > 0) {
                test.pass(Duration.ofNanos((long) ((event.timestamp() - now) * 1e9)));
            }
            now = event.timestamp();
            if (!event.jobId().isEmpty() && !timelines.containsKey(event.jobId())) {
                timelines.put(event.jobId(), test.record(event.jobId()));
            }
            test.publish(TestEvents.draft(line));
        }
        test.recorder.close().block();
        Map<String, List<Line>> lines = new HashMap<>();
        for (Map.Entry<String, Path> timeline : timelines.entrySet()) {
            lines.put(
                    timeline.getKey(),
                    Files.readAllLines(timeline.getValue()).stream()
                            .map(Line::new)
                            .toList());
        }
        return lines;
    }

    private static List<String> without(List<String> lines) {
        return lines.stream().filter(line -> !isOwnFile(line)).toList();
    }

    private static boolean isOwnFile(String line) {
        return line.contains("\"path\":\"" + TestRecorder.FILE + "\"");
    }

    private static List<String> sample(String name) throws IOException {
        String file = "/recorded/" + name + ".jsonl";
        try (InputStream in = Objects.requireNonNull(RecordedTimelinesTest.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** A line of ours. */
    private record Line(String json) {

        long id() {
            return Long.parseLong(json.substring(6, json.indexOf(',')));
        }

        String path() {
            String plain = "{" + withoutOwnKeys().substring(1);
            String path = EventPayload.text(TestEvents.draft(plain).at(id()), "path");
            return path == null ? "no file " + id() : path;
        }

        int standsFor() {
            String count = json.replaceFirst("^.*,\"coalesced\":(\\d+)}$", "$1");
            return count.equals(json) ? 1 : Integer.parseInt(count);
        }

        /** As a timeline has it that knows neither ids nor how many events a line stands for. */
        String withoutOwnKeys() {
            return json.replaceFirst("^\\{\"id\":\\d+,", "{").replaceFirst(",\"coalesced\":\\d+}$", "}");
        }
    }
}
