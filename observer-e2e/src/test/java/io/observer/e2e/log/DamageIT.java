package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SseRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("Damaged lines are passed over and named, lost indexes are made again")
class DamageIT {

    private static final int SEGMENTS = 5;

    /** Together more than a segment of 4 KiB holds, so that each batch gets one of its own. */
    private static final int EVENTS_IN_SEGMENT = 10;

    private static final int DAMAGED_LINE = 5;

    @TempDir
    private Path dataDir;

    @Test
    void the_next_start_serves_all_that_is_whole_and_says_what_is_not() throws IOException {
        List<String> events = new ArrayList<>(publishAndKill());
        List<Path> segments = new LogFiles(dataDir).segments();
        assertThat(new LogFiles(dataDir).lines()).isEqualTo(events);

        cutInHalf(segments.get(0), DAMAGED_LINE);
        events.remove(DAMAGED_LINE - 1);
        Files.delete(LogFiles.indexOf(segments.get(1)));
        byte[] noise = new byte[(int) LogFiles.size(LogFiles.indexOf(segments.get(2)))];
        Arrays.fill(noise, (byte) 'x');
        Files.write(LogFiles.indexOf(segments.get(2)), noise);

        try (ObserverServer server = start()) {
            assertReads(server, events);
            assertThat(new HttpApi(server).get("/metrics").text())
                    .containsPattern("(?m)^observer_log_damaged_lines_total 1\\.0$");
            assertThat(server.stderr().lines().filter(line -> line.contains(" WARN ")))
                    .singleElement()
                    .asString()
                    .endsWith("file=" + segments.get(0) + " line=" + DAMAGED_LINE);
        }
        assertThat(segments)
                .allSatisfy(segment -> assertThat(LogFiles.indexOf(segment)).isRegularFile());
        assertThat(LogFiles.indexOf(segments.get(2))).binaryContent().isNotEqualTo(noise);
    }

    private ObserverServer start() {
        return ObserverServer.start("--log=file", "--data-dir=" + dataDir, "--observer.log.segment-bytes=4096");
    }

    /** The newest index is a stale one afterwards: it was made at the stop, before the last event came. */
    private List<String> publishAndKill() {
        List<String> events = new ArrayList<>();
        try (ObserverServer server = start()) {
            SsePublisher publisher = new SsePublisher(server);
            for (int segment = 0; segment < SEGMENTS; segment++) {
                publisher
                        .publishAll(IntStream.rangeClosed(1, EVENTS_IN_SEGMENT)
                                .mapToObj(n -> SsePublisher.event(
                                        n % 2 == 0 ? "even" : "odd", "log.line", "{\"x\":\"" + "x".repeat(400) + "\"}"))
                                .toList())
                        .forEach(event -> events.add(event.json()));
            }
            events.addAll(publisher.publish("even", 1, 2).stream()
                    .map(SsePublisher.Published::json)
                    .toList());
        }
        try (ObserverServer server = start()) {
            events.add(new SsePublisher(server).publish("odd", 3).json());
            server.kill();
        }
        return events;
    }

    private static void cutInHalf(Path segment, int lineNumber) throws IOException {
        List<String> lines = new ArrayList<>(LogFiles.lines(segment));
        String line = lines.get(lineNumber - 1);
        lines.set(lineNumber - 1, line.substring(0, line.length() / 2));
        Files.writeString(segment, String.join("\n", lines) + "\n");
    }

    private static void assertReads(ObserverServer server, List<String> events) {
        for (String job : List.of("even", "odd")) {
            List<String> ofJob = LogFiles.ofJob(job, events);
            assertThat(replay(server, "/v1/jobs/" + job + "/events/stream?since=earliest"))
                    .isEqualTo(ofJob);
            assertThat(replay(server, "/v1/jobs/" + job + "/events/stream?last=7"))
                    .isEqualTo(ofJob.subList(ofJob.size() - 7, ofJob.size()));
        }
        assertThat(replay(server, "/v1/events/stream?since=earliest")).isEqualTo(events);
        assertSaysWhereOneIsMissing(server);
    }

    private static void assertSaysWhereOneIsMissing(ObserverServer server) {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=" + (DAMAGED_LINE - 2))) {
            reader.next("hello");
            assertThat(reader.next().eventId()).isEqualTo(DAMAGED_LINE - 1);
            JsonNode gap = reader.next("gap").json();
            assertThat(gap.required("from").intValue()).isEqualTo(DAMAGED_LINE);
            assertThat(gap.required("to").intValue()).isEqualTo(DAMAGED_LINE);
            assertThat(reader.next().eventId()).isEqualTo(DAMAGED_LINE + 1);
        }
    }

    private static List<String> replay(ObserverServer server, String target) {
        try (SseRecorder reader = SseRecorder.open(server, target)) {
            return reader.through("caught_up").stream()
                    .filter(SseFrame::isEvent)
                    .map(SseFrame::data)
                    .toList();
        }
    }
}
