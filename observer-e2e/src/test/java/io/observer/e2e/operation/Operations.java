package io.observer.e2e.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Posts operations to a server. */
final class Operations {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Operations() {}

    /** The lines of the sample: 2,500 operations of one day. */
    static List<String> sample() {
        try (InputStream sample = Operations.class.getResourceAsStream("/samples/ops.jsonl")) {
            return new String(sample.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Posts them one after the other and expects each back as it was sent. */
    static void record(ObserverServer server, List<String> operations) {
        operations.forEach(operation -> {
            HttpResponse<String> answer = post(server, operation);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo(operation);
        });
    }

    static HttpResponse<String> post(ObserverServer server, String operation) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(server.url().resolve("/v1/observer/event"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(operation))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static HttpAnswer call(ObserverServer server, String path, String contentType, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return new HttpApi(server)
                .call(HttpCall.of("POST", path)
                        .header("Content-Type: " + contentType)
                        .header("Content-Length: " + bytes.length)
                        .body(bytes));
    }

    static JsonNode stats(ObserverServer server) {
        return new HttpApi(server).json("/v1/observer/stats");
    }

    /** A failure of a search, so many seconds after some moment. */
    static String failure(int second) {
        return "{\"timestamp\":\"2026-11-21T06:%02d:%02dZ\",\"source\":\"mcp\",\"endpoint\":\"/v1/search\",\"success\":false,"
                        .formatted(second / 60, second % 60)
                + "\"event_kind\":\"search.query\",\"error\":\"timeout after 30s\"}";
    }
}
