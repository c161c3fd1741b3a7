package io.observer.e2e.recorder;

import static io.observer.e2e.recorder.Recording.eventually;
import static io.observer.e2e.recorder.Recording.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a job can do to its own workspace, against the server that writes there. The job {@code well} does nothing of it. */
@DisplayName("A job that turns its workspace against the server")
class HostileFilesIT {

    @TempDir
    static Path root;

    private static Recording recording;
    private static ObserverServer server;
    private static Path well;
    private static Path victim;

    private String sick;
    private Path timeline;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectory(root.resolve("inside"));
        Files.createDirectory(root.resolve("outside"));
        victim = Files.writeString(root.resolve("outside/" + Recording.FILE), "precious");
        recording = Recording.start(root.resolve("inside"), "--observer.recorder.max-timeline-bytes=4096");
        server = recording.server();
        well = recording.record("well");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void register(TestInfo test) throws IOException {
        sick = test.getTestMethod().orElseThrow().getName();
        timeline = recording.record(sick);
    }

    @Test
    void with_a_pipe_for_a_timeline_hangs_nobody() throws Exception {
        run("mkfifo", timeline.toString());

        assertSick("the timeline is no regular file");
        assertHealsWithout(timeline);
    }

    @Test
    void with_a_device_for_a_timeline_gets_nothing_written_to_it() throws Exception {
        Assumptions.assumeTrue(run("mknod", timeline.toString(), "c", "1", "5") == 0, "no device can be made here");

        assertSick("the timeline is no regular file");
        assertHealsWithout(timeline);
    }

    @Test
    void with_a_directory_for_a_timeline_is_told() throws IOException {
        Files.createDirectory(timeline);

        assertSick("the timeline is no regular file");
        assertHealsWithout(timeline);
    }

    @Test
    void with_a_second_name_of_a_foreign_file_for_a_timeline_harms_that_file_not() throws IOException {
        Files.createLink(timeline, victim);

        assertSick("the timeline has several names");
        assertThat(victim).hasContent("precious");
        assertHealsWithout(timeline);
    }

    @Test
    void that_becomes_a_link_to_another_place_leads_nobody_there() throws IOException {
        long first = recording.publish(sick, "created", "a");
        eventually(() -> assertThat(lines(timeline)).containsExactly(first));
        Path workspace = timeline.getParent();
        Path aside = workspace.resolveSibling("aside");
        Files.move(workspace, aside);
        Files.createSymbolicLink(workspace, root.resolve("outside"));

        assertSick("the workspace is no longer the directory that was registered");
        assertThat(victim).hasContent("precious");
        try (var files = Files.list(root.resolve("outside"))) {
            assertThat(files).containsExactly(victim);
        }
        Files.delete(workspace);
        Files.move(aside, workspace);
        eventually(() -> assertThat(lines(timeline)).hasSizeGreaterThan(1));
        eventually(
                () -> assertThat(recording.api().json("/health").get("degraded").isEmpty())
                        .isTrue());
    }

    @Test
    void with_a_link_where_the_timeline_is_rewritten_harms_nothing_behind_it() throws IOException {
        Path rewritten = timeline.resolveSibling(Recording.FILE + ".tmp");
        long last = 0;
        for (int n = 0; n < 100; n++) {
            linkIfAbsent(rewritten);
            last = recording.publish(sick, "created", "file-" + n);
        }

        long newest = last;
        eventually(() -> {
            // The link may have been put there just before the rewritten file took the timeline's place: then the link
            // is the timeline, into which nothing is written until somebody takes it away.
            if (Files.isSymbolicLink(timeline)) {
                Files.delete(timeline);
            }
            assertThat(lines(timeline)).endsWith(newest);
        });
        eventually(
                () -> assertThat(recording.api().json("/health").get("degraded").isEmpty())
                        .isTrue());
        assertThat(Files.size(timeline)).isLessThanOrEqualTo(4_096);
        assertThat(victim).hasContent("precious");
    }

    /** The recorder may make the file at any moment, too. */
    private void linkIfAbsent(Path rewritten) throws IOException {
        try {
            if (!Files.isSymbolicLink(rewritten)) {
                Files.deleteIfExists(rewritten);
                Files.createSymbolicLink(rewritten, victim);
            }
        } catch (FileAlreadyExistsException made) {
            // The next event tries again.
        }
    }

    /** Its next event is kept and not written, and its neighbour's is written. */
    private void assertSick(String reason) throws IOException {
        long kept = recording.publish(sick, "created", "b");
        long written = recording.publish("well", "created", "b");

        eventually(() -> assertThat(recording.api().json("/health").get("degraded"))
                .extracting(JsonNode::stringValue)
                .containsExactly("recorder: " + sick + ": " + reason));
        eventually(() -> assertThat(lines(well)).endsWith(written));
        assertThat(recording.ids("/v1/jobs/" + sick + "/observer")).startsWith(kept);
    }

    private void assertHealsWithout(Path obstacle) throws IOException {
        long kept = recording.ids("/v1/jobs/" + sick + "/observer").get(0);
        Files.delete(obstacle);
        eventually(() -> assertThat(lines(timeline)).containsExactly(kept));
        eventually(
                () -> assertThat(recording.api().json("/health").get("degraded").isEmpty())
                        .isTrue());
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
