package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
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
    void scenarios_run_against_servers_of_their_own_and_say_what_they_cost() {
        Map<String, JsonNode> results = figures("--scenario=start,fanout");

        JsonNode start = results.get("start");
        assertThat(number(start, "runs")).isEqualTo(1);
        assertThat(number(start, "median_ms")).isPositive();

        JsonNode fanout = results.get("fanout");
        assertThat(number(fanout, "expected")).isEqualTo(20 * 40);
        assertThat(number(fanout, "delivered")).isEqualTo(20 * 40);
        assertTimes(fanout, "");
        assertLossless(fanout);
        assertThat(number(fanout, "server_cpu_s")).isPositive();
        assertThat(number(fanout, "deliveries_per_cpu_second")).isPositive();
        assertThat(number(fanout, "client_busy")).isBetween(0.0, 1.0);
    }

    @Test
    @Tag("long")
    void scenarios_run_against_a_server_that_runs_already_and_cannot_tell_its_cost() throws Exception {
        Map<String, JsonNode> results;
        try (ServerProcess server = ServerProcess.start(null)) {
            results = figures("--url=" + server.url());
        }
        assertThat(results).containsOnlyKeys("latency", "fanout", "ingest", "history", "resume", "slow", "idle");

        JsonNode latency = results.get("latency");
        assertThat(number(latency, "readers")).isEqualTo(20);
        assertThat(number(latency, "rounds")).isEqualTo(20);
        assertTimes(latency, "");
        assertLossless(latency);

        JsonNode ingest = results.get("ingest");
        assertThat(number(ingest, "batch_events_per_second")).isPositive();
        assertThat(number(ingest, "single_events_per_second")).isPositive();
        assertThat(number(ingest, "batch_refused")).isZero();
        assertThat(number(ingest, "single_refused")).isZero();
        assertThat(ingest.get("batch_events_per_cpu_second").isNull()).isTrue();

        JsonNode history = results.get("history");
        assertThat(number(history, "newest_pages_per_second")).isPositive();
        assertThat(number(history, "old_pages_per_second")).isPositive();

        JsonNode resume = results.get("resume");
        assertThat(number(resume, "events_in_the_log")).isEqualTo(2_001);
        assertTimes(resume, "dense_");
        assertTimes(resume, "quiet_");
        assertThat(number(resume, "replayed_per_second")).isPositive();
        assertLossless(resume);

        JsonNode slow = results.get("slow");
        assertThat(number(slow, "events_while_one_stops")).isEqualTo(400);
        assertTimes(slow, "before_");
        assertTimes(slow, "others_");
        assertLossless(slow);

        JsonNode idle = results.get("idle");
        assertThat(number(idle, "readers")).isEqualTo(20);
        assertThat(number(idle, "last_has_it_max_ms")).isPositive();
        assertThat(idle.get("memory_of_each_KiB").isNull()).isTrue();
        assertLossless(idle);
    }

    @Test
    @Tag("long")
    void a_reader_that_stops_for_long_enough_is_told_what_it_lost() {
        JsonNode slow = figures("--scenario=slow", "--rate=2000", "--seconds=3").get("slow");

        assertThat(number(slow, "told_in_gaps")).isPositive();
        assertThat(number(slow, "told_as_dropped")).isPositive();
        assertThat(number(slow, "memory_after_MiB")).isPositive();
        assertLossless(slow);
    }

    @Test
    @Tag("long")
    void timelines_are_complete() {
        JsonNode recorder = figures("--scenario=recorder").get("recorder");

        assertThat(number(recorder, "created")).isEqualTo(50_000);
        assertThat(number(recorder, "modified")).isEqualTo(2_000);
        assertThat(number(recorder, "written")).isEqualTo(102_000);
        assertThat(number(recorder, "counted_as_lost")).isZero();
    }

    @Test
    @Tag("long")
    void ten_thousand_silent_readers_cost_little_each_and_get_the_next_event() {
        assertThat(bench("--scenario=idle", "--readers=10000", "--seconds=2", "--warmup=1", "--json"))
                .as(err())
                .isZero();

        JsonNode idle = JSON.readTree(out());
        assertThat(number(idle, "readers")).isEqualTo(10_000);
        assertThat(number(idle, "memory_of_each_KiB")).isBetween(0.0, 50.0);
        assertLossless(idle);
    }

    /** What each scenario says when the run is short and nothing goes wrong. */
    private Map<String, JsonNode> figures(String... args) {
        List<String> all =
                new ArrayList<>(List.of("--readers=20", "--seconds=1", "--warmup=1", "--events=2000", "--json"));
        all.addAll(List.of(args));
        int code = bench(all.toArray(String[]::new));
        Map<String, JsonNode> results = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        out().lines().map(JSON::readTree).forEach(result -> {
            faults.addAll(result.get("faults").values().stream()
                    .map(JsonNode::stringValue)
                    .toList());
            results.put(result.get("scenario").stringValue(), result);
        });
        assertThat(code).isEqualTo(faults.isEmpty() ? 0 : 1);
        // That is the machine's doing, not the server's.
        assertThat(faults).allSatisfy(fault -> assertThat(fault).startsWith("the client lagged"));
        return results;
    }

    private static void assertTimes(JsonNode result, String prefix) {
        List<Double> times = Stream.of("p50_ms", "p95_ms", "p99_ms", "max_ms")
                .map(name -> number(result, prefix + name))
                .toList();
        assertThat(times).isSorted().allSatisfy(time -> assertThat(time).isPositive());
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
            assertThat(bench("--scenario=ingest", "--warmup=1", "--seconds=1", "--url", server.url()))
                    .isEqualTo(1);

            assertThat(out())
                    .contains("batch events per second")
                    .containsPattern("ingest    FAILED: batch: \\d+ events were accepted, but ids rose by 0");
            assertThat(err()).contains("events were accepted, but ids rose by 0");
        }
    }

    @Test
    void an_event_that_never_comes_and_that_no_gap_speaks_of_fails_the_run() throws IOException {
        try (LossyServer server = new LossyServer()) {
            assertThat(bench(
                            "--scenario=fanout",
                            "--readers=2",
                            "--rate=5",
                            "--warmup=1",
                            "--seconds=1",
                            "--json",
                            "--url",
                            server.url()))
                    .isEqualTo(1);

            assertThat(JSON.readTree(out()).get("faults").values())
                    .extracting(JsonNode::stringValue)
                    .containsExactly("2 deliveries were lost and no gap said so");
            assertThat(err()).contains("fanout: 2 deliveries were lost and no gap said so");
        }
    }

    @Test
    void a_scenario_that_breaks_off_fails_the_run_and_the_next_still_runs() throws IOException {
        try (LossyServer server = new LossyServer()) {
            assertThat(bench(
                            "--scenario=history,fanout",
                            "--readers=2",
                            "--rate=2",
                            "--warmup=1",
                            "--seconds=1",
                            "--url",
                            server.url()))
                    .isEqualTo(1);

            assertThat(out())
                    .contains("history   FAILED: the page /v1/events?limit=200&since=0 does not hold 200 events")
                    .contains("fanout    deliveries per cpu-second");
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
                "--readers=1",
                "--readers=10001",
                "--rate=2001",
                "--rate=x",
                "--seconds=301",
                "--warmup=0",
                "--events=999",
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

    @ParameterizedTest
    @ValueSource(strings = {"start", "recorder"})
    void a_scenario_that_starts_its_own_server_takes_no_url(String scenario) {
        assertThat(bench("--url=http://127.0.0.1:1", "--scenario=" + scenario)).isEqualTo(2);
        assertThat(err()).contains("the scenario " + scenario + " starts its server itself: leave --url out");
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
