package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are watched with {@code observer watch} and followed with {@code observer publish --follow}. */
@Timeout(120)
@ExtendWith(SharedServer.class)
class WatchIT {

    private static ObserverServer server;

    @TempDir
    private Path workspace;

    @BeforeAll
    static void use(ObserverServer shared) {
        server = shared;
    }

    @Test
    void watch_tells_changes_of_files_until_ctrl_c() throws IOException {
        try (ObservedCommand watch = ObservedCommand.start(
                workspace, "watch", "--job", "watched", "--url", server.url().toString(), "--exclude", "*.tmp")) {
            await().untilAsserted(() -> assertThat(watch.stderr()).contains("observer: watching " + workspace));

            Files.writeString(workspace.resolve("a.txt"), "1");
            Files.writeString(workspace.resolve("b.tmp"), "1");
            await().untilAsserted(() -> assertThat(new HttpApi(server)
                            .json("/v1/jobs/watched/observer")
                            .size())
                    .isPositive());
            Files.delete(workspace.resolve("a.txt"));
            watch.signal("INT");

            assertThat(watch.exitCode()).as("%s", watch).isEqualTo(130);
        }
        Story story = Story.of(server, "watched");
        assertThat(story.paths("observer.file_created")).containsExactly("a.txt");
        assertThat(story.paths("observer.file_deleted")).containsExactly("a.txt");
        assertThat(story.names()).noneMatch(name -> name.startsWith("job."));
    }

    @Test
    void follow_publishes_a_growing_file_through_rotation_and_truncation() throws IOException {
        Path file = workspace.resolve("app.log");
        Files.writeString(file, "one\ntwo\n");
        try (ObservedCommand follow = ObservedCommand.start(
                workspace,
                "publish",
                "--job",
                "followed",
                "--lines",
                "--follow",
                "app.log",
                "--url",
                server.url().toString())) {
            awaitLines("one", "two");

            Files.move(file, workspace.resolve("app.log.1"));
            Files.writeString(file, "three, which is the longest\n");
            awaitLines("one", "two", "three, which is the longest");

            Files.writeString(file, "four\n", StandardOpenOption.TRUNCATE_EXISTING);
            awaitLines("one", "two", "three, which is the longest", "four");
            follow.signal("INT");

            assertThat(follow.exitCode()).as("%s", follow).isEqualTo(130);
            assertThat(follow.stderr()).contains("published 4 events");
        }
    }

    private void awaitLines(String... lines) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(Story.of(server, "followed").dataOf("log.line"))
                        .extracting(data -> data.get("line").asString())
                        .containsExactly(lines));
    }
}
