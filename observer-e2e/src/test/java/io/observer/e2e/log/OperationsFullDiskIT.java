package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A full disk stops the recording of operations, and it heals")
class OperationsFullDiskIT {

    private static final byte[] ONE_OF_A_KILOBYTE =
            ("{\"timestamp\":\"2026-11-21T07:00:00Z\",\"source\":\"mcp\",\"endpoint\":"
                            + "\"/a\",\"success\":true,\"x\":\"" + "x".repeat(1_000) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path mountPoint;

    private SmallDisk disk;

    @BeforeEach
    void mount() {
        disk = SmallDisk.mount(mountPoint);
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void what_cannot_be_kept_is_refused_and_neither_counted_nor_published() throws IOException {
        try (ObserverServer server =
                ObserverServer.start("--data-dir", disk.path("data").toString())) {
            HttpApi api = new HttpApi(server);
            assertThat(record(api).status()).isEqualTo(201);
            disk.takeTheRest();

            int recorded = 1;
            HttpAnswer answer = record(api);
            for (; answer.status() == 201; answer = record(api)) {
                recorded++;
            }

            assertThat(answer.status()).as("%s", answer).isEqualTo(507);
            assertThat(answer.json().get("detail").stringValue())
                    .startsWith("operations cannot be recorded: ")
                    .endsWith("; try again when that is mended");
            assertThat(api.json("/v1/observer/stats").get("lifetime_total").intValue())
                    .isEqualTo(recorded);
            assertThat(api.lastId()).isEqualTo(recorded);
            assertThat(Files.readString(disk.path("data").resolve("operations.jsonl"))
                            .lines())
                    .hasSize(recorded);
            assertThat(api.json("/health").get("degraded").toString()).contains("operations cannot be recorded: ");

            disk.free();

            Awaitility.await("health, with nobody recording")
                    .until(() -> api.json("/health").get("degraded").isEmpty());
            assertThat(record(api).status()).isEqualTo(201);
            assertThat(api.json("/v1/observer/stats").get("lifetime_total").intValue())
                    .isEqualTo(recorded + 1);
        }
    }

    private static HttpAnswer record(HttpApi api) {
        return api.call(HttpCall.of("POST", "/v1/observer/event")
                .header("Content-Type: application/json")
                .header("Content-Length: " + ONE_OF_A_KILOBYTE.length)
                .body(ONE_OF_A_KILOBYTE));
    }
}
