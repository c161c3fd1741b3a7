package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.log.NumberedPublisher.Sent;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 loses nothing that was accepted")
class CrashIT {

    @TempDir
    private Path dataDir;

    private Load load = new Load(300);
    private final ResumingReader everything = new ResumingReader("/v1/events/stream");
    private final ResumingReader oneJob = new ResumingReader("/v1/jobs/lines/events/stream");
    private final List<ResumingReader> readers = List.of(everything, oneJob);

    private final Random random = new Random();

    private String epoch = "";
    private long highestId;

    @AfterEach
    void hang_up() {
        readers.forEach(ResumingReader::close);
    }

    @Test
    void two_kills_of_a_server_with_default_durability_and_one_of_each_other() {
        List.of("process", "process", "interval", "always").forEach(this::killUnderLoad);
        assertThatNothingIsMissing();
    }

    @Test
    @Tag("long")
    void ten_kills_of_a_server_with_default_durability() {
        load = new Load(2_000);
        Collections.nCopies(10, "process").forEach(this::killUnderLoad);
        assertThatNothingIsMissing();
    }

    /** What holds after every start; the readers come back. */
    private void resume(ObserverServer server) {
        HttpApi api = new HttpApi(server);
        String now = api.json("/health").required("epoch").stringValue();
        assertThat(now).isEqualTo(epoch.isEmpty() ? now : epoch);
        epoch = now;
        assertThat(api.lastId()).as("the newest id after a restart").isGreaterThanOrEqualTo(highestId);
        readers.forEach(reader -> reader.connect(server));
    }

    private void killUnderLoad(String durability) {
        try (ObserverServer server = Load.start(dataDir, "--observer.log.durability=" + durability)) {
            resume(server);
            CompletableFuture<Void> publishing = load.publishTo(server);
            load.awaitAccepted(5);
            atAnyMoment(server::kill);
            publishing.join();
        }
        assertThat(load.sent()).allMatch(request -> request.isAccepted() || request.isUnanswered());
        readers.forEach(ResumingReader::takeToTheEnd);
        highestId = Stream.concat(
                        readers.stream().map(ResumingReader::highestId),
                        load.sent().stream().map(Sent::lastId))
                .max(Long::compare)
                .orElseThrow();
    }

    /** By the clock: a moment chosen by what was answered would never be one in the middle of a write. */
    private void atAnyMoment(Runnable task) {
        Executor later = CompletableFuture.delayedExecutor(random.nextInt(300), TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(task, later).join();
    }

    private void assertThatNothingIsMissing() {
        try (ObserverServer server = Load.start(dataDir)) {
            resume(server);
            long newest = load.publishOnce(server);
            readers.forEach(reader -> reader.takeThrough(newest));
        }
        List<String> lines = new LogFiles(dataDir).lines();
        Kept.assertKept(load.sent(), lines);
        Kept.assertSame("what the reader of all jobs got", everything.events(), lines);
        Kept.assertSame("what the reader of one job got", oneJob.events(), LogFiles.ofJob("lines", lines));
    }
}
