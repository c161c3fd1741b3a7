package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayName("A server tells how it is")
@ExtendWith(SharedServer.class)
class HealthIT {

    /** Metrics by what their names must say; the rest of a name is the server's own affair. */
    private static final String PUBLISHED = "observer_\\w*published\\w*";

    private static final String STORED = "observer_\\w*stored\\w*";
    private static final String DELIVERED = "observer_\\w*delivered\\w*";
    private static final String APPENDS = "observer_\\w*append\\w*_count";
    private static final String STREAMS_OPEN = "observer_\\w*(?:streams?_\\w*open|open_streams?)\\w*";

    private static ObserverServer server;
    private static HttpApi api;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        api = new HttpApi(server);
    }

    @ParameterizedTest(name = "GET {0}")
    @ValueSource(strings = {"/health", "/health/liveness", "/health/readiness"})
    void health_names_the_log_and_its_newest_event(String path) {
        JsonNode published = api.publish("{\"event\":\"a\"}");

        JsonNode health = api.json(path);

        assertThat(health.propertyNames())
                .containsExactlyInAnyOrder("status", "backend", "durability", "epoch", "last_id", "degraded");
        assertThat(health.get("status").stringValue()).isEqualTo("UP");
        assertThat(health.get("backend").stringValue()).isEqualTo("memory");
        assertThat(health.get("durability").stringValue()).isNotBlank();
        assertThat(health.get("epoch").stringValue()).matches("[A-Za-z0-9-]+");
        assertThat(health.get("last_id").longValue())
                .isEqualTo(published.get("id").longValue());
        assertThat(published.get("cursor").stringValue())
                .isEqualTo(health.get("epoch").stringValue() + "-" + health.get("last_id"));
        assertThat(health.get("degraded").isArray()).isTrue();
        assertThat(health.get("degraded").isEmpty()).isTrue();
    }

    @Test
    void metrics_are_prometheus_text() {
        HttpAnswer answer = api.get("/metrics");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(answer.text()).endsWith("\n");
        assertThat(answer.text().lines())
                .allMatch(line -> line.startsWith("# ") || line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? \\S+"));
    }

    static Stream<Arguments> metrics() {
        return Stream.of(
                Arguments.of("published", PUBLISHED),
                Arguments.of("stored", STORED),
                Arguments.of("streams open", STREAMS_OPEN),
                Arguments.of("delivered", DELIVERED),
                Arguments.of("dropped, by reason", "observer_\\w*dropped\\w*\\{[^}]*reason=\"slow\"[^}]*}"),
                Arguments.of("resumes that hit", resumes("hit")),
                Arguments.of("resumes with a gap", resumes("gap")),
                Arguments.of("resumes of another epoch", resumes("epoch")),
                Arguments.of("queue depth", "observer_\\w*queue\\w*"),
                Arguments.of("connections", "observer_connections_open"),
                Arguments.of("connections turned away", "observer_connections_refused_total"),
                Arguments.of("bodies under way", "observer_bodies_held_bytes"),
                Arguments.of("append latency", APPENDS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("metrics")
    void there_is_a_metric_from_the_start(String what, String sample) {
        assertThat(metric(sample)).isNotNegative();
    }

    @Test
    void metrics_move_with_what_happens() {
        double published = metric(PUBLISHED);
        double stored = metric(STORED);
        double delivered = metric(DELIVERED);
        double appends = metric(APPENDS);

        try (HttpStream stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"))) {
            stream.await("hello", it -> it.events().contains("hello"));
            api.publish("[{\"event\":\"m.1\"},{\"event\":\"m.2\"}]");
            api.publish("{\"event\":\"m.3\"}");
            stream.await("the events", it -> it.events().contains("m.3"));
        }

        eventually("published", () -> assertThat(metric(PUBLISHED)).isEqualTo(published + 3));
        eventually("stored", () -> assertThat(metric(STORED)).isEqualTo(stored + 3));
        eventually("delivered", () -> assertThat(metric(DELIVERED)).isGreaterThanOrEqualTo(delivered + 3));
        eventually("appends", () -> assertThat(metric(APPENDS)).isGreaterThan(appends));
    }

    @Test
    void streams_are_counted_while_they_are_open() {
        double before = metric(STREAMS_OPEN);
        try (HttpStream one = HttpStream.open(server, HttpCall.get("/v1/events/stream"));
                HttpStream two = HttpStream.open(server, HttpCall.get("/v1/jobs/build-7/events/stream"))) {
            one.await("hello", it -> it.events().contains("hello"));
            two.await("hello", it -> it.events().contains("hello"));
            eventually("two more", () -> assertThat(metric(STREAMS_OPEN)).isEqualTo(before + 2));
        }
        eventually("no more", () -> assertThat(metric(STREAMS_OPEN)).isEqualTo(before));
    }

    @ParameterizedTest(name = "Last-Event-ID: {0} counts as {1}")
    @CsvSource({"EPOCH-NOW, hit", "someotherlife-1, epoch", "nonsense, gap", "EPOCH-999999999, gap"})
    void resumes_are_counted_by_their_result(String lastEventId, String result) {
        JsonNode published = api.publish("{\"event\":\"a\"}");
        String epoch = api.json("/health").get("epoch").stringValue();
        String id = lastEventId
                .replace("EPOCH", epoch)
                .replace("NOW", published.get("id").toString());
        double before = metric(resumes(result));

        HttpCall resume = HttpCall.get("/v1/events/stream").header("Last-Event-ID: " + id);
        try (HttpStream stream = HttpStream.open(server, resume)) {
            stream.await("the end of the replay", it -> it.events().contains("caught_up"));
        }

        eventually(result, () -> assertThat(metric(resumes(result))).isEqualTo(before + 1));
    }

    @Test
    void a_refused_publish_counts_as_nothing_published() {
        double published = metric(PUBLISHED);
        double stored = metric(STORED);

        Problems.assertProblem(api.call(HttpCall.publish("[{\"event\":\"a\"},{\"event\":\"\"}]")), 400);

        assertThat(metric(PUBLISHED)).isEqualTo(published);
        assertThat(metric(STORED)).isEqualTo(stored);
    }

    @ParameterizedTest(name = "GET {0}")
    @ValueSource(
            strings = {
                "/",
                "/health",
                "/health/liveness",
                "/health/readiness",
                "/metrics",
                "/v1/events",
                "/v1/events/stream",
                "/v1/jobs",
                "/v1/jobs/headers",
                "/v1/jobs/headers/events",
                "/v1/jobs/headers/events/stream"
            })
    void every_answer_forbids_guessing_its_type(String path) {
        api.publish("{\"event\":\"a\",\"job_id\":\"headers\"}");
        try (HttpConnection connection = HttpConnection.open(server)) {
            HttpAnswer head = connection.sendForHead(HttpCall.get(path));
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers().get("x-content-type-options")).isEqualTo(List.of("nosniff"));
        }
        assertThat(api.call(HttpCall.publish("{\"event\":\"a\"}")).header("X-Content-Type-Options"))
                .isEqualTo("nosniff");
    }

    @Test
    void the_page_is_html_under_a_strict_policy() {
        HttpAnswer page = api.get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        String policy = page.header("Content-Security-Policy");
        assertThat(policy).matches("(.*; *)?default-src '(none|self)'(;.*)?");
        assertThat(policy)
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval", "*", "data:", "http:", "https:");
        assertThat(page.text()).doesNotContainIgnoringCase(" onclick=").doesNotContainIgnoringCase(" style=\"");
    }

    private static String resumes(String result) {
        return "observer_\\w*resum\\w*\\{[^}]*result=\"" + result + "\"[^}]*}";
    }

    /** The sum over all samples whose name and labels look like this; fails when there is none. */
    private static double metric(String sample) {
        Pattern line = Pattern.compile("^(?:" + sample + ")(?:\\{.*})? (\\S+)$");
        List<Double> values = api.get("/metrics")
                .text()
                .lines()
                .filter(text -> !text.startsWith("#"))
                .map(line::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Double.valueOf(matcher.group(matcher.groupCount())))
                .toList();
        assertThat(values).as("samples of " + sample).isNotEmpty();
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Counters may be a moment behind what has been seen already. */
    private static void eventually(String what, ThrowingRunnable assertion) {
        Awaitility.await(what).untilAsserted(assertion);
    }
}
