package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The JDK's HTTP client with its defaults: the first request of a connection goes out as HTTP/1.1 and offers to go on
 * with HTTP/2.
 */
@DisplayName("HTTP/2 carries the same requests and the same refusals")
@ExtendWith(SharedServer.class)
class Http2IT {

    private static ObserverServer server;
    private static Witness witness;

    /** Has spoken to the server before, so its requests go out as HTTP/2. */
    private static HttpClient client;

    @BeforeAll
    static void start(ObserverServer shared) throws Exception {
        server = shared;
        witness = new Witness(server);
        client = HttpClient.newHttpClient();
        assertThat(send(client, request("/health").GET()).statusCode()).isEqualTo(200);
        assertThat(send(client, request("/health").GET()).version()).isEqualTo(Version.HTTP_2);
    }

    @AfterAll
    static void stop() {
        witness.close();
    }

    @Test
    void a_publish_is_accepted_whether_it_offers_HTTP_2_or_uses_it() throws Exception {
        HttpClient fresh = HttpClient.newHttpClient();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = send(fresh, publish("{\"event\":\"a\"}"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
        witness.lookAgain();
    }

    @Test
    void a_body_up_to_its_limit_is_accepted_with_the_offer_and_without() throws Exception {
        String largest = event(256 * 1024);

        assertThat(send(HttpClient.newHttpClient(), publish(largest)).statusCode())
                .isEqualTo(201);
        assertThat(send(client, publish(largest)).statusCode()).isEqualTo(201);

        String lines = (event(200 * 1024) + "\n").repeat(40);
        assertThat(send(HttpClient.newHttpClient(), publishLines(lines)).statusCode())
                .isEqualTo(201);
        assertThat(send(client, publishLines(lines)).statusCode()).isEqualTo(201);
        witness.lookAgain();
    }

    @Test
    void a_body_over_its_limit_is_refused_with_the_offer_and_without() throws Exception {
        String tooLarge = event(256 * 1024 + 1);

        assertProblem(send(HttpClient.newHttpClient(), publish(tooLarge)), 413);
        assertProblem(send(client, publish(tooLarge)), 413);
        assertProblem(send(client, publish(event(12 * 1024 * 1024))), 413);
        witness.assertNothingHappened();
    }

    @ParameterizedTest(name = "{1} with {2} is answered {0}")
    @CsvSource(delimiter = '|', textBlock = """
            400 | POST /v1/events          | Accept: */*                | {"event":"a b"}
            403 | POST /v1/events          | Origin: http://evil.example | {"event":"a"}
            403 | POST /v1/events          | Origin: null               | {"event":"a"}
            403 | POST /v1/events          | Sec-Fetch-Site: cross-site | {"event":"a"}
            403 | GET /v1/events/stream    | Origin: null               | ''
            403 | GET /                    | Sec-Fetch-Site: cross-site | ''
            404 | GET /nope                | Accept: */*                | ''
            405 | DELETE /v1/events        | Accept: */*                | ''
            406 | GET /v1/events           | Accept: text/html          | ''
            406 | GET /v1/events/stream    | Accept: application/json   | ''
            415 | POST /v1/events          | Content-Encoding: gzip     | {"event":"a"}
            415 | POST /v1/events          | Content-Type: text/plain   | {"event":"a"}
            """)
    void a_refusal_is_the_same(int status, String line, String header, String body) throws Exception {
        String[] words = line.split(" ");
        String[] named = header.split(": ");
        HttpRequest.Builder request = request(words[1])
                .method(words[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .setHeader("Content-Type", "application/json")
                .setHeader(named[0], named[1]);

        HttpResponse<String> answer = send(client, request);

        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertProblem(answer, status);
        assertProblem(send(HttpClient.newHttpClient(), request), status);
        witness.assertNothingHappened();
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.body()).contains("\"status\":" + status, "\"detail\":");
    }

    private static HttpRequest.Builder publish(String json) {
        return request("/v1/events").header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    private static HttpRequest.Builder publishLines(String lines) {
        return request("/v1/events")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines));
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(server.url().resolve(target));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String event(int size) {
        String around = "{\"event\":\"big\",\"data\":{\"x\":\"\"}}";
        return around.replace("\"\"", "\"" + "x".repeat(size - around.length()) + "\"");
    }
}
