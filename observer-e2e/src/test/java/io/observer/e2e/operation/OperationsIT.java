package io.observer.e2e.operation;

import static io.observer.e2e.operation.Operations.call;
import static io.observer.e2e.operation.Operations.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The service of observed operations")
class OperationsIT {

    private static final String JSON = "application/json";

    @ParameterizedTest
    @ValueSource(strings = {"/v1/observer", "/observer"})
    void records_counts_and_is_well_under_both_of_its_names(String root) {
        try (ObserverServer server = ObserverServer.start();
                SseRecorder live = SseRecorder.open(server, "/v1/jobs/build-7/events/stream")) {
            live.next("hello");

            HttpAnswer answer = call(server, root + "/event", JSON, """
                    {"endpoint": "/v1/search", "job_id": "build-7", "sig_hash": [1, 2.50], "source": "scenario",
                     "timestamp": "2026-11-21T07:00:00Z", "role": "welder"}""");

            assertThat(answer.status()).as("%s", answer).isEqualTo(201);
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.text()).isEqualTo("""
                    {"timestamp":"2026-11-21T07:00:00Z","source":"scenario","endpoint":"/v1/search","success":false,\
                    "job_id":"build-7","sig_hash":[1,2.50],"role":"welder"}""");
            HttpApi api = new HttpApi(server);
            assertThat(api.get(root + "/stats").text()).isEqualTo("""
                    {"total":1,"successes":0,"failures":1,"by_source":{"scenario":1},"recent_scenario_ops":[\
                    {"ts":"2026-11-21T07:00:00Z","ok":false,"staffer":"","kind":"","role":"welder"}],\
                    "lifetime_total":1,"lifetime_successes":0,"lifetime_failures":1,"lifetime_by_source":{"scenario":1}}""");
            assertThat(api.get(root + "/health").text()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(live.next("operation.observed").text()).contains("\"data\":" + answer.text() + ",");
        }
    }

    @Test
    void refuses_what_it_cannot_take_with_the_reason_and_without_effect() {
        try (ObserverServer server = ObserverServer.start()) {
            HttpAnswer wrong = call(server, "/v1/observer/event", JSON, "{\"endpoint\":\"\",\"success\":\"yes\"}");
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(wrong.json().get("errors").toString()).isEqualTo("""
                    [{"line":1,"field":"endpoint","detail":"must be a string that is not empty"},\
                    {"line":1,"field":"success","detail":"must be true or false"}]""");
            assertThat(call(server, "/v1/observer/event", JSON, "").status()).isEqualTo(400);
            assertThat(call(server, "/v1/observer/event", JSON, "[]").status()).isEqualTo(400);
            assertThat(call(server, "/v1/observer/event", "text/plain", "{\"endpoint\":\"/a\"}")
                            .status())
                    .isEqualTo(415);
            assertThat(call(server, "/v1/observer/event", "application/x-ndjson", "{\"endpoint\":\"/a\"}")
                            .status())
                    .isEqualTo(415);
            String large = "{\"endpoint\":\"/a\",\"x\":\"" + "x".repeat(256 * 1024) + "\"}";
            assertThat(call(server, "/v1/observer/event", JSON, large).status()).isEqualTo(413);
            HttpApi api = new HttpApi(server);
            HttpAnswer chunked = api.call(HttpCall.of("POST", "/v1/observer/event")
                    .header("Content-Type: application/json")
                    .body(large.getBytes(StandardCharsets.UTF_8))
                    .inChunks());
            assertThat(chunked.status()).isEqualTo(413);
            assertThat(api.call(HttpCall.get("/v1/observer/stats").header("Accept: text/html"))
                            .status())
                    .isEqualTo(406);
            HttpAnswer get = api.get("/v1/observer/event");
            assertThat(get.status()).isEqualTo(405);
            assertThat(get.header("Allow")).isEqualTo("POST");
            assertThat(api.call(HttpCall.of("PUT", "/observer/stats").header("Content-Length: 0"))
                            .status())
                    .isEqualTo(405);

            assertThat(Operations.stats(server).get("lifetime_total").intValue())
                    .isZero();
            assertThat(api.lastId()).isZero();
        }
    }

    @Test
    void tells_the_webhook_of_a_cluster_even_if_that_fails_at_first() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/alerts", exchange -> {
            try (exchange) {
                heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(heard.size() == 1 ? 503 : 204, -1);
            }
        });
        listener.start();
        String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/alerts";
        try (ObserverServer server = ObserverServer.start("--observer.operations.webhook-url=" + url)) {
            Operations.record(
                    server, IntStream.range(0, 5).mapToObj(Operations::failure).toList());

            Awaitility.await("the second attempt").until(() -> heard.size() == 2);
            assertThat(heard).containsOnly("""
                    {"event":"operation.failure_cluster","data":{"endpoint":"/v1/search","source":"mcp",\
                    "event_kind":"search.query","count":5,"state":"opened","first":"2026-11-21T06:00:00Z",\
                    "last":"2026-11-21T06:00:04Z","sample_errors":["timeout after 30s"]}}""");
        } finally {
            listener.stop(0);
        }
    }

    @Test
    void closes_a_cluster_when_nothing_comes_any_more() {
        try (ObserverServer server = ObserverServer.start("--observer.operations.cluster-window=2s");
                SseRecorder live = SseRecorder.open(server, "/v1/events/stream?event=operation.failure_cluster")) {
            live.next("hello");
            Operations.record(
                    server, IntStream.range(0, 5).mapToObj(n -> failure(0)).toList());

            assertThat(live.next("operation.failure_cluster").text()).contains("\"state\":\"opened\"");
            assertThat(live.next("operation.failure_cluster").text()).contains("\"state\":\"closed\"");
            assertThat(new HttpApi(server)
                            .json("/v1/observer/clusters")
                            .get(0)
                            .get("state")
                            .stringValue())
                    .isEqualTo("closed");
        }
    }

    @Test
    void remembers_only_when_it_has_no_journal() throws IOException {
        try (ObserverServer server = ObserverServer.start("--observer.operations.journal=")) {
            Operations.record(server, List.of(failure(1)));

            assertThat(Operations.stats(server).get("total").intValue()).isEqualTo(1);
            try (var files = Files.list(server.dataDir())) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .noneMatch(name -> name.startsWith("operations"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook-url=localhost:80    | observer.operations.webhook-url is 'localhost:80' but must be a URL such as",
                "ring-size=0                 | observer.operations.ring-size is 0 but must be from 1 to 100000",
                "cluster-threshold=1         | observer.operations.cluster-threshold is 1 but must be from 2 to 100",
                "cluster-window=1d1h         | observer.operations.cluster-window is '1d1h' but must be a duration",
                "journal=/                   | observer.operations.journal: the journal / cannot be opened",
                "jurnal=x                    | unknown setting observer.operations.jurnal",
            })
    void does_not_start_with_a_setting_that_makes_no_sense(String setting, String reason) {
        try (Starting start =
                ObserverServer.launch("serve", "--port", "0", "--log", "memory", "--observer.operations." + setting)) {
            assertThat(start.exitCode()).as("%s", start).isEqualTo(1);
            assertThat(start.stderr()).contains(reason);
        }
    }
}
