package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayName("A start finds out what a crash, a full disk or damage has left")
class RecoveryIT {

    private static final String LINE = "{\"event\":\"log.line\",\"data\":{\"x\":\"" + "x".repeat(200) + "\"}}\n";

    @TempDir
    private Path directory;

    /** A SIGKILL ends a write(2) of several pages between two of them: the file then looks just like this. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void a_publish_whose_write_was_cut_by_a_kill_is_gone_wholly(int bytesOfSixthLine) throws IOException {
        try (ObserverServer server = Load.start(directory)) {
            HttpApi api = new HttpApi(server);
            api.publish("{\"event\":\"before\"}");
            api.publishLines(LINE.repeat(10));
            server.kill();
        }
        LogFiles files = new LogFiles(directory);
        String text = Files.readString(files.newest());
        int end = 0;
        for (int line = 0; line < 6; line++) {
            end = text.indexOf('\n', end) + 1;
        }
        try (FileChannel segment = FileChannel.open(files.newest(), StandardOpenOption.WRITE)) {
            segment.truncate(end + bytesOfSixthLine);
        }
        try (ObserverServer again = Load.start(directory)) {
            assertThat(new HttpApi(again)
                            .page("")
                            .required("events")
                            .valueStream()
                            .map(LogFiles::id))
                    .containsExactly(1L);
        }
    }

    @Test
    void a_server_starts_on_a_full_disk_and_reads_go_on() {
        try (SmallDisk disk = SmallDisk.mount(directory)) {
            try (ObserverServer server = Load.start(disk.path("data"))) {
                new HttpApi(server).publish("{\"event\":\"before\"}");
                disk.takeTheRest();
                server.kill();
            }
            try (ObserverServer again = Load.start(disk.path("data"))) {
                HttpApi api = new HttpApi(again);
                assertThat(api.page("").required("events").size()).isEqualTo(1);
                assertThat(api.get("/health/readiness").status()).isEqualTo(503);
                assertThat(api.get("/health/liveness").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_damaged_line_of_unchanged_length_is_counted_and_named_too() throws IOException {
        try (ObserverServer server = Load.start(directory)) {
            new HttpApi(server).publishLines(LINE.repeat(10));
        }
        Path segment = new LogFiles(directory).newest();
        List<String> lines = new ArrayList<>(LogFiles.lines(segment));
        lines.set(4, "x".repeat(lines.get(4).length()));
        Files.writeString(segment, String.join("\n", lines) + "\n");

        try (ObserverServer again = Load.start(directory)) {
            HttpApi api = new HttpApi(again);
            JsonNode before = api.page("");
            JsonNode after = api.page("since=4");
            assertThat(before.required("events").size()).isEqualTo(4);
            assertThat(before.required("has_more").booleanValue()).isTrue();
            assertThat(after.required("events").size()).isEqualTo(5);
            assertThat(after.required("gap").toString())
                    .isEqualTo("{\"reason\":\"evicted\",\"from\":5,\"to\":5,\"dropped\":null}");
            assertThat(api.get("/metrics").text()).containsPattern("(?m)^observer_log_damaged_lines_total 1\\.0$");
            assertThat(again.stderr()).contains("line=5");
        }
    }
}
