package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Keys that nobody has sent before")
class HostileKeysIT {

    private static final int BODIES = 500;

    /** Together they have 120 MB, and the server 64 MiB of heap. */
    @Test
    void are_forgotten_with_the_body_they_came_in() {
        String filler = "k".repeat(240_000);
        try (ObserverServer server = ObserverServer.start(Map.of("JDK_JAVA_OPTIONS", "-Xmx64m"));
                HttpConnection connection = HttpConnection.open(server)) {
            for (int n = 0; n < BODIES; n++) {
                HttpCall refused =
                        HttpCall.publish("{\"event\":\"a\",\"data\":{\"%d%s\":1,\"x\":1e999}}".formatted(n, filler));
                assertThat(connection.send(refused).status()).isEqualTo(400);
            }
            assertThat(new HttpApi(server)
                            .publish("{\"event\":\"after\"}")
                            .get("id")
                            .asInt())
                    .isEqualTo(1);
        }
    }
}
