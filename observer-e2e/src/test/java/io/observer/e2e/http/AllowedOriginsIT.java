package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server that lets the pages of https://dash.example in")
class AllowedOriginsIT {

    private static final String ORIGIN = "https://dash.example";

    private static ObserverServer server;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.security.allowed-origins=" + ORIGIN);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/v1/events", "/v1/events/stream", "/v1/jobs", "/health", "/metrics"})
    void lets_them_read(String path) {
        assertReadable(ask(HttpCall.get(path)), 200);
    }

    @Test
    void lets_them_publish_and_read_why_they_may_not() {
        assertReadable(ask(HttpCall.publish("{\"event\":\"from.a.page\"}")), 201);
        assertReadable(ask(HttpCall.publish("{\"event\":\"from a page\"}")), 400);
        assertReadable(ask(HttpCall.get("/v1/jobs/nobody")), 404);
    }

    @Test
    void answers_what_their_browsers_ask_before() {
        HttpAnswer answer = ask(HttpCall.of("OPTIONS", "/v1/events")
                .header("Access-Control-Request-Method: POST")
                .header("Access-Control-Request-Headers: content-type,last-event-id"));

        assertReadable(answer, 200);
        assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(answer.header("Access-Control-Allow-Headers")).containsIgnoringCase("content-type");
        HttpAnswer patch = ask(HttpCall.of("OPTIONS", "/v1/events").header("Access-Control-Request-Method: PATCH"));
        assertThat(patch.status()).isEqualTo(403);
    }

    @Test
    void lets_no_others_in() {
        for (String origin : new String[] {
            "https://dash.example.evil.example", "http://dash.example", "https://dash.example:8443", "null", "*"
        }) {
            HttpCall call = HttpCall.get("/v1/events").header("Origin: " + origin);
            HttpAnswer refusal = HttpConnection.exchange(server, call);
            Problems.assertProblem(refusal, 403);
            assertThat(refusal.headers().keySet()).noneMatch(name -> name.startsWith("access-control-allow"));
        }
        HttpCall link = HttpCall.get("/v1/events").header("Sec-Fetch-Site: cross-site");
        Problems.assertProblem(HttpConnection.exchange(server, link), 403);
    }

    @Test
    void tells_programs_nothing_of_it() {
        HttpAnswer answer = HttpConnection.exchange(server, HttpCall.get("/v1/events"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    static Stream<HttpCall> callsOfPrograms() {
        return Stream.of(
                HttpCall.get("/v1/events"),
                HttpCall.get("/v1/events?limit=x"),
                HttpCall.get("/v1/events/stream"),
                HttpCall.get("/v1/jobs/build-7/events/stream?since=x"),
                HttpCall.publish("{\"event\":\"a\"}"),
                HttpCall.publish("{\"event\":\"a b\"}"));
    }

    /** The head is the same on both ways that a request can take, so a cache treats both answers alike. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("callsOfPrograms")
    void tells_caches_that_pages_may_get_other_headers(HttpCall call) {
        HttpAnswer answer = headOf(call.header("Accept: */*"));
        HttpAnswer other = headOf(call.header("Accept: */*;q=0.5"));

        assertThat(String.join(",", answer.headers().get("vary"))).containsIgnoringCase("origin");
        assertThat(other.status()).isEqualTo(answer.status());
        assertThat(lengthAside(other)).isEqualTo(lengthAside(answer));
    }

    private static HttpAnswer headOf(HttpCall call) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            return connection.sendForHead(call);
        }
    }

    /** In lower case: names of headers in {@code Vary} have none. */
    private static Map<String, String> lengthAside(HttpAnswer answer) {
        return answer.headers().entrySet().stream()
                .filter(header -> !header.getKey().equals("content-length"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        header -> String.join(", ", header.getValue()).toLowerCase(Locale.ROOT)));
    }

    /** As a browser asks on behalf of such a page; of a stream only the head is read. */
    private static HttpAnswer ask(HttpCall call) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            HttpCall asked = call.header("Origin: " + ORIGIN).header("Sec-Fetch-Site: cross-site");
            return call.target().endsWith("/stream") ? connection.sendForHead(asked) : connection.send(asked);
        }
    }

    /** The answer names this origin, and caches keep it apart; nothing is said of credentials. */
    private static void assertReadable(HttpAnswer answer, int status) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
        assertThat(String.join(",", answer.headers().get("vary"))).contains("Origin");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isNull();
    }
}
