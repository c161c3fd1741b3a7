package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Vitals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("When unfinished bodies fill the 8 MiB that there are for them")
class BodiesUnderWayIT {

    private static final int MIB = 1 << 20;

    private final List<HttpConnection> unfinished = new ArrayList<>();
    private static ObserverServer server;
    private static Vitals vitals;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.http.body-bytes=8MB");
        vitals = new Vitals(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fill() {
        awaitHeld(0, 0);
        for (String accept : List.of("*/*", "application/json;q=0.5")) {
            HttpConnection client = HttpConnection.open(server);
            client.write(HttpCall.of("POST", "/v1/events")
                    .header("Content-Type: application/x-ndjson")
                    .header("Accept: " + accept)
                    .header("Content-Length: " + 8 * MIB)
                    .body(lines(7 * MIB / 2)));
            unfinished.add(client);
        }
        awaitHeld(6 * MIB, 7 * MIB);
    }

    @AfterEach
    void leave() {
        unfinished.forEach(HttpConnection::close);
    }

    /** Both ways that a publish can take: the short one, and the one for requests that are not plain. */
    @ParameterizedTest(name = "with Accept: {0}")
    @ValueSource(strings = {"*/*", "application/json;q=0.5"})
    void a_large_one_is_told_to_come_again(String accept) {
        HttpAnswer refusal = exchange(
                HttpCall.publish("application/x-ndjson", lines(3 * MIB)).header("Accept: " + accept));

        Problems.assertProblem(refusal, 503);
        assertThat(refusal.header("Retry-After")).isEqualTo("1");
        assertThat(refusal.json().get("detail").stringValue()).contains("try again");
        awaitHeld(6 * MIB, 7 * MIB);
    }

    @Test
    void small_ones_are_taken_as_always() {
        for (int n = 0; n < 50; n++) {
            assertThat(exchange(HttpCall.publish("{\"event\":\"tick\"}")).status())
                    .isEqualTo(201);
        }
        assertThat(exchange(HttpCall.publish("application/x-ndjson", lines(15_000)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void there_is_room_again_when_their_clients_have_gone() {
        unfinished.forEach(HttpConnection::close);
        awaitHeld(0, 0);

        assertThat(exchange(HttpCall.publish("application/x-ndjson", lines(8 * MIB)))
                        .status())
                .isEqualTo(201);
        awaitHeld(0, 0);
    }

    private static HttpAnswer exchange(HttpCall call) {
        return HttpConnection.exchange(server, call);
    }

    private static void awaitHeld(int least, int most) {
        Awaitility.await("bytes of bodies")
                .atMost(Duration.ofSeconds(8))
                .until(() -> vitals.metric("observer_bodies_held_bytes"), held -> least <= held && held <= most);
    }

    /** At most so many bytes, in lines of about two thousand. */
    private static byte[] lines(int bytes) {
        String line = "{\"event\":\"log.line\",\"data\":{\"line\":\"" + "x".repeat(2_000) + "\"}}\n";
        return line.repeat(bytes / line.length()).getBytes(StandardCharsets.US_ASCII);
    }
}
