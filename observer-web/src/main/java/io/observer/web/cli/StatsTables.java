package io.observer.web.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The figures of observed operations as lines of tables; one that would have no row is left out.
 *
 * <pre>
 * OPERATIONS  TOTAL  OK  FAILED
 * newest         12   9       3
 * ever         2500   …
 *
 * SOURCE    NEWEST  EVER
 * scenario       4   599
 *
 * SCENARIO                  RESULT  STAFFER  KIND           ROLE
 * 2024-11-20T07:59:02.117Z  failed  st-0043  staffing.fill  welder
 *
 * CLUSTER  FAILURES  FIRST                 LAST                  ENDPOINT    SOURCE  KIND
 * open           12  2026-11-21T06:00:00Z  2026-11-21T06:04:00Z  /v1/search  mcp     search.query
 * </pre>
 */
final class StatsTables {

    private final JsonObject stats;
    private final List<JsonObject> clusters;

    /** @param clusters each as its JSON */
    StatsTables(JsonObject stats, List<String> clusters) {
        this.stats = stats;
        this.clusters = clusters.stream().map(Json::object).toList();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(totals().lines());
        for (TextTable table : List.of(sources(), scenarios(), clusters())) {
            if (table.lines().size() > 1) {
                lines.add("");
                lines.addAll(table.lines());
            }
        }
        return lines;
    }

    private TextTable totals() {
        return new TextTable(Set.of(1, 2, 3), "OPERATIONS", "TOTAL", "OK", "FAILED")
                .row("newest", json(stats, "total"), json(stats, "successes"), json(stats, "failures"))
                .row(
                        "ever",
                        json(stats, "lifetime_total"),
                        json(stats, "lifetime_successes"),
                        json(stats, "lifetime_failures"));
    }

    private TextTable sources() {
        TextTable table = new TextTable(Set.of(1, 2), "SOURCE", "NEWEST", "EVER");
        Map<String, String> newest = members("by_source");
        Map<String, String> all = new TreeMap<>(newest);
        all.putAll(members("lifetime_by_source"));
        all.forEach((source, ever) -> table.row(source, newest.getOrDefault(source, "0"), ever));
        return table;
    }

    private TextTable scenarios() {
        TextTable table = new TextTable(Set.of(), "SCENARIO", "RESULT", "STAFFER", "KIND", "ROLE");
        String ops = stats.json("recent_scenario_ops");
        for (String op : Json.array(ops == null ? "[]" : ops)) {
            JsonObject digest = Json.object(op);
            boolean ok = "true".equals(digest.json("ok"));
            table.row(
                    digest.text("ts"),
                    ok ? "ok" : "failed",
                    digest.text("staffer"),
                    digest.text("kind"),
                    digest.text("role"));
        }
        return table;
    }

    private TextTable clusters() {
        TextTable table =
                new TextTable(Set.of(1), "CLUSTER", "FAILURES", "FIRST", "LAST", "ENDPOINT", "SOURCE", "KIND");
        for (JsonObject cluster : clusters) {
            table.row(
                    cluster.text("state"),
                    json(cluster, "count"),
                    cluster.text("first"),
                    cluster.text("last"),
                    cluster.text("endpoint"),
                    cluster.text("source"),
                    cluster.text("event_kind"));
        }
        return table;
    }

    private Map<String, String> members(String name) {
        String json = stats.json(name);
        return json == null ? Map.of() : Json.object(json).members();
    }

    private static String json(JsonObject object, String name) {
        String json = object.json(name);
        return json == null ? "" : json;
    }
}
