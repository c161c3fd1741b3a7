package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The benchmark reports what it measured, and fails when something was lost")
class BenchIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void every_scenario_runs_against_the_real_server_and_loses_nothing() {
        assertThat(bench("--readers", "20", "--seconds=1", "--json"))
                .as("%s", err)
                .isZero();

        List<JsonNode> results = out().lines().map(JSON::readTree).toList();
        assertThat(results)
                .extracting(result -> result.get("scenario").stringValue())
                .containsExactly("start", "latency", "fanout", "ingest");
        assertThat(results)
                .allSatisfy(result -> assertThat(number(result, "faults")).isZero());

        JsonNode start = results.get(0);
        assertThat(number(start, "runs")).isEqualTo(1);
        assertThat(number(start, "median_ms")).isPositive();

        JsonNode latency = results.get(1);
        assertThat(number(latency, "readers")).isEqualTo(20);
        assertThat(number(latency, "rounds")).isEqualTo(20);
        assertTimes(latency);
        assertLossless(latency);

        JsonNode fanout = results.get(2);
        assertThat(number(fanout, "expected")).isEqualTo(20 * 40);
        assertThat(number(fanout, "delivered")).isEqualTo(20 * 40);
        assertTimes(fanout);
        assertLossless(fanout);
        assertThat(fanout.has("server_cpu_s")).isTrue();
        assertThat(fanout.has("deliveries_per_cpu_second")).isTrue();

        JsonNode ingest = results.get(3);
        assertThat(number(ingest, "batch_events_per_second")).isPositive();
        assertThat(number(ingest, "single_events_per_second")).isPositive();
        assertThat(number(ingest, "batch_refused")).isZero();
        assertThat(number(ingest, "single_refused")).isZero();
        assertThat(ingest.has("batch_events_per_cpu_second")).isTrue();
        assertThat(ingest.has("single_events_per_cpu_second")).isTrue();
    }

    private static void assertTimes(JsonNode result) {
        assertThat(number(result, "p50_ms")).isPositive();
        assertThat(number(result, "p95_ms")).isGreaterThanOrEqualTo(number(result, "p50_ms"));
        assertThat(number(result, "p99_ms")).isGreaterThanOrEqualTo(number(result, "p95_ms"));
        assertThat(number(result, "max_ms")).isGreaterThanOrEqualTo(number(result, "p99_ms"));
    }

    private static void assertLossless(JsonNode result) {
        assertThat(number(result, "gaps")).isZero();
        assertThat(number(result, "dropped_and_said")).isZero();
        assertThat(number(result, "lost_unsaid")).isZero();
        assertThat(number(result, "repeated")).isZero();
    }

    private static double number(JsonNode result, String name) {
        return result.get(name).doubleValue();
    }

    @Test
    void events_accepted_by_a_server_that_does_not_keep_them_fail_the_run() throws IOException {
        try (LossyServer server = new LossyServer()) {
            assertThat(bench("--scenario=ingest", "--seconds=1", "--url", server.url()))
                    .isEqualTo(1);

            assertThat(out()).contains("faults").contains("batch events per second");
            assertThat(err()).contains("events were accepted, but ids rose by 0");
        }
    }

    @Test
    void an_event_that_never_comes_and_that_no_gap_speaks_of_fails_the_run() throws IOException {
        try (LossyServer server = new LossyServer()) {
            assertThat(bench("--scenario=fanout", "--readers=2", "--rate=5", "--seconds=1", "--url", server.url()))
                    .isEqualTo(1);

            assertThat(err()).contains("fanout: 2 deliveries were lost and no gap said so");
        }
    }

    @Test
    void a_server_that_is_not_there_is_named() throws IOException {
        String url;
        try (LossyServer server = new LossyServer()) {
            url = server.url();
        }

        assertThat(bench("--url", url)).isEqualTo(3);
        assertThat(err()).contains("cannot reach " + url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--readers=0",
                "--readers=10001",
                "--rate=2001",
                "--rate=x",
                "--seconds=301",
                "--seconds",
                "--scenario=sprint",
                "--scenario=",
                "--url=https://127.0.0.1:1",
                "--url=nonsense",
                "--unknown"
            })
    void a_wrong_argument_is_a_usage_error(String argument) {
        assertThat(bench(argument)).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err()).startsWith("observer bench: ").contains(argument.split("=", 2)[0].substring(2));
    }

    private int bench(String... args) {
        PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new BenchCommand(stdout, stderr).run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
