package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SseRecorder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("Segments are lines of JSON, and retention takes whole ones")
class SegmentsIT {

    private static final long MAX_BYTES = 8 << 20;
    private static final long SEGMENT_BYTES = 512 << 10;

    /** A thousand events of ten kilobytes are more than is kept. */
    private static final int PUBLISHED = 1_000;

    @TempDir
    private Path dataDir;

    @Test
    void what_is_kept_is_bounded_and_readers_that_stood_in_a_removed_segment_are_told_the_exact_ids() {
        long first;
        try (ObserverServer server = start()) {
            publish(server);

            first = assertWholeSegmentsWithinBounds();
            assertToldWhatIsGone(server, first);
        }
        try (ObserverServer server = start()) {
            assertThat(new HttpApi(server).page("limit=0").required("first_id").longValue())
                    .isEqualTo(first);
            assertToldWhatGoesMeanwhile(server, first);
        }
    }

    private ObserverServer start() {
        return ObserverServer.start(
                "--log=file",
                "--data-dir=" + dataDir,
                "--observer.log.max-bytes=" + MAX_BYTES,
                "--observer.log.segment-bytes=" + SEGMENT_BYTES);
    }

    private static void publish(ObserverServer server) {
        String event = SsePublisher.event("large", "log.line", "{\"text\":\"" + "x".repeat(10_000) + "\"}");
        SsePublisher publisher = new SsePublisher(server);
        for (int published = 0; published < PUBLISHED; published += 20) {
            publisher.publishAll(Collections.nCopies(20, event));
        }
    }

    /** Answers the oldest id that the files hold. */
    private long assertWholeSegmentsWithinBounds() {
        LogFiles files = new LogFiles(dataDir);
        List<Path> segments = files.segments();
        assertThat(segments)
                .hasSizeGreaterThan(2)
                .allSatisfy(segment -> assertThat(segment)
                        .satisfies(file -> assertThat(LogFiles.size(file)).isBetween(1L, SEGMENT_BYTES)));
        assertThat(segments.stream().mapToLong(LogFiles::size).sum()).isBetween(MAX_BYTES - SEGMENT_BYTES, MAX_BYTES);
        List<JsonNode> events = files.lines().stream().map(LogFiles::event).toList();
        long first = LogFiles.id(events.get(0));
        assertThat(events.stream().map(LogFiles::id))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, PUBLISHED).boxed().toList());
        assertThat(segments.get(0).getFileName().toString()).endsWith("-%020d.jsonl".formatted(first));
        assertThat(events)
                .allSatisfy(event -> assertThat(event.propertyNames())
                        .containsExactly("id", "job_id", "sheet_num", "event", "data", "timestamp"));
        return first;
    }

    private static void assertToldWhatIsGone(ObserverServer server, long first) {
        HttpApi api = new HttpApi(server);
        String epoch = api.json("/health").required("epoch").stringValue();
        String expected = """
                id: %1$s-%2$d
                event: gap
                data: {"reason":"evicted","from":8,"to":%2$d,"dropped":%3$d}
                """.formatted(epoch, first - 1, first - 8);
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: " + epoch + "-7")) {
            reader.next("hello");
            reader.expect(expected);
            assertThat(reader.next().eventId()).isEqualTo(first);
        }
        JsonNode page = api.page("since=7&limit=1");
        assertThat(page.required("gap").toString())
                .isEqualTo(
                        "{\"reason\":\"evicted\",\"from\":8,\"to\":%d,\"dropped\":%d}".formatted(first - 1, first - 8));
        assertThat(LogFiles.id(page.required("events").get(0))).isEqualTo(first);
        assertThat(page.required("first_id").longValue()).isEqualTo(first);
        assertThat(api.page("limit=0&since=" + (first - 1)).required("gap").isNull())
                .isTrue();
    }

    /** The reader takes nothing until the segments that it stood in, and those it would have come to, are gone. */
    private static void assertToldWhatGoesMeanwhile(ObserverServer server, long first) {
        try (SseRecorder reader = SseRecorder.openSlow(server, "/v1/events/stream?since=earliest")) {
            reader.next("hello");
            publish(server);
            reader.resume();

            long next = first;
            int gaps = 0;
            for (SseFrame frame : reader.through(2 * PUBLISHED)) {
                if (frame.is("gap")) {
                    JsonNode gap = frame.json();
                    assertThat(gap.required("reason").stringValue()).isEqualTo("evicted");
                    assertThat(gap.required("from").longValue()).isEqualTo(next);
                    next = gap.required("to").longValue() + 1;
                    assertThat(gap.required("dropped").longValue())
                            .isEqualTo(next - gap.required("from").longValue());
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
