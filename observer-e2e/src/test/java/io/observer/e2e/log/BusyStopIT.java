package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.log.NumberedPublisher.Sent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SIGTERM under twenty busy publishers, two hundred streams and five readers that take nothing")
class BusyStopIT {

    private static final int PUBLISHERS = 20;
    private static final int READERS_OF_EACH = 10;
    private static final int STUCK = 5;

    /** The promise. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    private Path dataDir;

    private final List<NumberedPublisher> publishers = IntStream.range(0, PUBLISHERS)
            .mapToObj(n -> NumberedPublisher.ofSingles("job-" + n))
            .toList();
    private final List<SseRecorder> streams = new ArrayList<>();

    @AfterEach
    void hang_up() {
        streams.forEach(SseRecorder::close);
    }

    @Test
    void loses_nothing_that_was_accepted_tells_every_stream_and_ends_in_time() {
        try (ObserverServer server = Load.start(dataDir)) {
            for (int n = 0; n < PUBLISHERS * READERS_OF_EACH; n++) {
                streams.add(SseRecorder.open(server, "/v1/jobs/" + jobOf(n) + "/events/stream"));
            }
            streams.forEach(stream -> stream.next("hello"));
            for (int n = 0; n < STUCK; n++) {
                streams.add(SseRecorder.openSlow(server, "/v1/events/stream"));
            }
            List<CompletableFuture<Void>> publishing =
                    publishers.stream().map(publisher -> run(publisher, server)).toList();
            Awaitility.await("all publishers busy")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> publishers.stream().allMatch(publisher -> publisher.accepted() >= 20));

            server.askToEnd();

            assertThat(server.endsWithin(GRACE)).as("%s", server).isTrue();
            assertThat(server.exitCode()).isZero();
            publishing.forEach(CompletableFuture::join);
        }
        List<Sent> sent = publishers.stream().flatMap(p -> p.sent().stream()).toList();
        assertThat(sent).extracting(Sent::status).isSubsetOf(201, 503, 0);
        List<String> lines = new LogFiles(dataDir).lines();
        Kept.assertKept(sent, lines);
        for (int n = 0; n < PUBLISHERS * READERS_OF_EACH; n++) {
            assertWasTold(streams.get(n), LogFiles.ofJob(jobOf(n), lines));
        }
    }

    private static void assertWasTold(SseRecorder stream, List<String> events) {
        List<SseFrame> frames = stream.rest();
        assertThat(frames.get(frames.size() - 1).wire()).isEqualTo("""
                event: bridge_stopped
                data: {}
                """);
        List<String> told = frames.subList(0, frames.size() - 1).stream()
                .map(frame -> String.valueOf(frame.data()))
                .toList();
        Kept.assertSame("what " + stream + " got", told, events);
    }

    private static String jobOf(int stream) {
        return "job-" + stream % PUBLISHERS;
    }

    private static CompletableFuture<Void> run(NumberedPublisher publisher, ObserverServer server) {
        return CompletableFuture.runAsync(
                () -> publisher.publishTo(server), task -> new Thread(task, publisher.job()).start());
    }
}
