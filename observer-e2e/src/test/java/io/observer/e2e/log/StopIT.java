package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SIGTERM loses nothing that was accepted")
class StopIT {

    /** The promise. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    private Path dataDir;

    private final Load load = new Load(2_000);
    private final ResumingReader everything = new ResumingReader("/v1/events/stream");
    private final ResumingReader oneJob = new ResumingReader("/v1/jobs/arrays/events/stream");
    private final List<ResumingReader> readers = List.of(everything, oneJob);

    @AfterEach
    void hang_up() {
        readers.forEach(ResumingReader::close);
    }

    @Test
    void under_load_accepted_events_are_on_disk_streams_are_told_and_the_next_start_has_nothing_to_repair() {
        stopUnderLoad();
        LogFiles files = new LogFiles(dataDir);
        Kept.assertKept(load.sent(), files.lines());
        assertThat(files.segments())
                .allSatisfy(segment -> assertThat(LogFiles.indexOf(segment)).isRegularFile());

        try (ObserverServer again = Load.start(dataDir)) {
            readers.forEach(reader -> reader.connect(again));
            long newest = load.publishOnce(again);
            everything.takeThrough(newest);
            again.terminate();
            oneJob.takeToTheFarewell();
            assertThat(again.stderr()).doesNotContain(" WARN ", " ERROR ");
        }
        List<String> lines = files.lines();
        Kept.assertKept(load.sent(), lines);
        Kept.assertSame("what the reader of all jobs got", everything.events(), lines);
        Kept.assertSame("what the reader of one job got", oneJob.events(), LogFiles.ofJob("arrays", lines));
    }

    private void stopUnderLoad() {
        try (ObserverServer server = Load.start(dataDir)) {
            readers.forEach(reader -> reader.connect(server));
            CompletableFuture<Void> publishing = load.publishTo(server);
            load.awaitAccepted(20);

            server.askToEnd();

            assertThat(server.endsWithin(GRACE)).as("%s", server).isTrue();
            assertThat(server.exitCode()).isZero();
            publishing.join();
            readers.forEach(ResumingReader::takeToTheFarewell);
        }
    }
}
