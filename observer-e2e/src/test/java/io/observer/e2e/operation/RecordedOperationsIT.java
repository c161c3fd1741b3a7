package io.observer.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Starting;
import io.observer.e2e.operation.NaiveClusters.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("A day of 2,500 operations")
class RecordedOperationsIT {

    private static final int RING = 2_000;

    private static final List<String> LINES = Operations.sample();
    private static final List<JsonNode> DAY =
            LINES.stream().map(JsonMapper.shared()::readTree).toList();

    private static ObserverServer server;

    @BeforeAll
    static void record() {
        server = ObserverServer.start();
        Operations.record(server, LINES);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void is_counted_as_a_recount_counts_it() {
        List<JsonNode> newest = DAY.subList(DAY.size() - RING, DAY.size());

        JsonNode stats = Operations.stats(server);

        assertThat(stats.get("total").intValue()).isEqualTo(RING);
        assertThat(stats.get("successes").longValue()).isEqualTo(successes(newest));
        assertThat(stats.get("failures").longValue()).isEqualTo(RING - successes(newest));
        assertThat(counts(stats.get("by_source"))).isEqualTo(bySource(newest));
        assertThat(stats.get("lifetime_total").intValue()).isEqualTo(2_500);
        assertThat(stats.get("lifetime_successes").intValue()).isEqualTo(2_263);
        assertThat(stats.get("lifetime_failures").intValue()).isEqualTo(237);
        assertThat(counts(stats.get("lifetime_by_source")))
                .isEqualTo(Map.of("mcp", 1_578L, "scenario", 599L, "langfuse", 261L, "overseer_correction", 62L));
    }

    @Test
    void shows_its_newest_ten_scenarios_oldest_of_them_first() {
        List<JsonNode> scenarios =
                DAY.stream().filter(op -> text(op, "source").equals("scenario")).toList();
        List<String> expected = scenarios.subList(scenarios.size() - 10, scenarios.size()).stream()
                .map(op -> "{\"ts\":\"%s\",\"ok\":%s,\"staffer\":\"%s\",\"kind\":\"%s\",\"role\":\"%s\"}"
                        .formatted(
                                text(op, "timestamp"),
                                op.get("success"),
                                text(op, "staffer_id"),
                                text(op, "event_kind"),
                                text(op, "role")))
                .toList();

        assertThat(Operations.stats(server).get("recent_scenario_ops").valueStream())
                .extracting(JsonNode::toString)
                .containsExactlyElementsOf(expected);
    }

    @Test
    void has_the_clusters_that_a_search_of_the_whole_day_finds() {
        List<Cluster> expected = NaiveClusters.of(DAY);
        assertThat(expected).as("a sample worth the test").hasSizeGreaterThan(3);

        JsonNode clusters = new HttpApi(server).json("/v1/observer/clusters");

        assertThat(clusters.valueStream().map(RecordedOperationsIT::cluster))
                .containsExactlyInAnyOrderElementsOf(expected);
        List<String> states =
                clusters.valueStream().map(cluster -> text(cluster, "state")).toList();
        assertThat(states).as("open ones first").isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(clusters.valueStream())
                .allSatisfy(cluster ->
                        assertThat(cluster.get("sample_errors").size()).isBetween(1, 5));
    }

    @Test
    void is_published_operation_by_operation_and_so_are_its_clusters() {
        List<String> observed = new ArrayList<>();
        List<String> told = new ArrayList<>();
        HttpApi api = new HttpApi(server);
        String since = "earliest";
        for (boolean more = true; more; ) {
            JsonNode page = api.page("limit=1000&event=operation.*&since=" + since);
            page.get("events").forEach(event -> {
                if (text(event, "event").equals("operation.observed")) {
                    observed.add(event.get("data").toString());
                } else {
                    JsonNode change = event.get("data");
                    told.add(text(change, "state") + " " + text(change, "endpoint") + " " + change.get("count"));
                }
            });
            since = text(page, "cursor");
            more = page.get("has_more").booleanValue();
        }

        assertThat(observed).isEqualTo(LINES);
        List<Cluster> clusters = NaiveClusters.of(DAY);
        assertThat(told)
                .as("each opens with five, none grows tenfold, and all but the newest of a kind are over")
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                clusters.stream().map(cluster -> "opened " + cluster.endpoint() + " 5"),
                                clusters.stream()
                                        .filter(cluster -> !cluster.last())
                                        .map(cluster -> "closed " + cluster.endpoint() + " " + cluster.count()))
                        .toList());
    }

    @Test
    void is_printed_by_the_command() {
        try (Starting stats =
                ObserverServer.launch("stats", "--url", server.url().toString())) {
            assertThat(stats.exitCode()).as("%s", stats).isZero();
            assertThat(stats.stdout())
                    .contains("ever         2500  2263     237")
                    .containsPattern("(?m)^overseer_correction +[0-9]+ +62$")
                    .containsPattern("(?m)^2024-11-\\S+Z +(ok|failed) +st-00")
                    .containsPattern("(?m)^(open|closed) +[0-9]+ +2024-11-20T\\S+ +2024-11-20T\\S+ +/v1/");
        }
        try (Starting stats =
                ObserverServer.launch("stats", "--json", "--url", server.url().toString())) {
            JsonNode all = JsonMapper.shared().readTree(stats.exitCode() == 0 ? stats.stdout() : "");
            assertThat(all.get("lifetime_total").intValue()).isEqualTo(2_500);
            assertThat(all.get("clusters").size())
                    .isEqualTo(NaiveClusters.of(DAY).size());
        }
    }

    /** The newest of its key is the one that is open: no window passes while this test runs. */
    private static Cluster cluster(JsonNode shown) {
        return new Cluster(
                text(shown, "endpoint"),
                text(shown, "source"),
                text(shown, "event_kind"),
                shown.get("count").intValue(),
                Instant.parse(text(shown, "first")),
                Instant.parse(text(shown, "last")),
                text(shown, "state").equals("open"));
    }

    private static long successes(List<JsonNode> ops) {
        return ops.stream().filter(op -> op.get("success").booleanValue()).count();
    }

    private static Map<String, Long> bySource(List<JsonNode> ops) {
        return ops.stream()
                .collect(Collectors.groupingBy(op -> text(op, "source"), TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> counts(JsonNode bySource) {
        return bySource.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().longValue()));
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }
}
