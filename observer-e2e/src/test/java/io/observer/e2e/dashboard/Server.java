package io.observer.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** What the tests ask of a server besides what pages ask. */
final class Server {

    private static final Pattern STREAMS = Pattern.compile("(?m)^observer_streams_open (\\d+)");

    private Server() {}

    static void awaitOpenStreams(ObserverServer server, int count) {
        HttpApi api = new HttpApi(server);
        Awaitility.await(count + " open streams")
                .until(() -> STREAMS.matcher(api.get("/metrics").text())
                        .results()
                        .anyMatch(found -> found.group(1).equals("" + count)));
    }

    /** Records an observed operation. */
    static void record(ObserverServer server, String operation) {
        byte[] body = operation.getBytes(StandardCharsets.UTF_8);
        HttpCall call = HttpCall.of("POST", "/v1/observer/event")
                .header("Content-Type: application/json")
                .header("Content-Length: " + body.length)
                .body(body);
        assertThat(new HttpApi(server).call(call).status()).isEqualTo(201);
    }
}
