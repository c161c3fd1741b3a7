package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A data directory belongs to one server, which must be able to write to it")
class DataDirectoryIT {

    @TempDir
    private Path directory;

    @Test
    void a_file_in_the_place_of_the_directory_stops_the_start() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        try (Starting start = launch(file)) {
            assertRefused(start, file);
        }
    }

    @Test
    void a_directory_that_cannot_be_written_stops_the_start() {
        try (SmallDisk disk = SmallDisk.mount(directory)) {
            disk.makeReadOnly();

            try (Starting start = launch(directory)) {
                assertRefused(start, directory);
            }
        }
    }

    @Test
    void a_directory_that_the_server_made_is_for_its_user_only() throws IOException {
        Path made = directory.resolve("made/by/the/server");
        try (ObserverServer server = ObserverServer.start("--log=file", "--data-dir=" + made)) {
            new HttpApi(server).publish("{\"event\":\"secret\"}");
            for (Path inside = made.resolve("log"); !inside.equals(directory); inside = inside.getParent()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside)))
                        .as("%s", inside)
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void a_second_server_is_told_who_has_the_directory_and_the_first_goes_on() {
        try (ObserverServer first = ObserverServer.start("--log=file", "--data-dir=" + directory)) {
            HttpApi api = new HttpApi(first);
            api.publish("{\"event\":\"before\"}");

            try (Starting second = launch(directory);
                    HttpStream stream = HttpStream.open(first, HttpCall.get("/v1/events/stream?since=earliest"))) {
                assertRefused(second, directory);
                assertThat(second.stderr()).containsPattern("\\b" + first.pid() + "\\b");

                api.publish("{\"event\":\"after\"}");
                stream.await("both events", it -> it.events().contains("after"));
                assertThat(stream.events()).containsExactly("hello", "before", "caught_up", "after");
            }

            first.kill();
            try (ObserverServer third = ObserverServer.start("--log=file", "--data-dir=" + directory)) {
                assertThat(new HttpApi(third).lastId()).isEqualTo(2);
            }
        }
    }

    private static Starting launch(Path dataDir) {
        return ObserverServer.launch("serve", "--port", "0", "--data-dir", dataDir.toString());
    }

    /** One line that names the directory and says what would be right. */
    private static void assertRefused(Starting start, Path dataDir) {
        assertThat(start.exitCode()).as("%s", start).isEqualTo(1);
        assertThat(start.stdout()).isEmpty();
        assertThat(start.stderr().lines())
                .singleElement()
                .asString()
                .startsWith("observer: ")
                .contains(dataDir.toString(), "; ")
                .doesNotContain("Exception");
    }
}
