package io.observer.e2e.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds the clusters of operations in order of time with all of them at hand. */
final class NaiveClusters {

    private static final int THRESHOLD = 5;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** @param last whether it is the newest of its key, which may go on */
    record Cluster(
            String endpoint, String source, String eventKind, int count, Instant from, Instant to, boolean last) {}

    private NaiveClusters() {}

    static List<Cluster> of(List<JsonNode> operations) {
        Map<List<String>, List<Instant>> failures = new LinkedHashMap<>();
        for (JsonNode op : operations) {
            if (!op.get("success").booleanValue()) {
                List<String> key = List.of(text(op, "endpoint"), text(op, "source"), text(op, "event_kind"));
                failures.computeIfAbsent(key, k -> new ArrayList<>()).add(Instant.parse(text(op, "timestamp")));
            }
        }
        List<Cluster> clusters = new ArrayList<>();
        failures.forEach((key, times) -> search(key, times, clusters));
        return clusters;
    }

    private static void search(List<String> key, List<Instant> times, List<Cluster> clusters) {
        int from = 0;
        while (from + THRESHOLD <= times.size()) {
            int to = from + THRESHOLD - 1;
            if (!isWithinWindow(times.get(from), times.get(to))) {
                from++;
                continue;
            }
            while (to + 1 < times.size() && isWithinWindow(times.get(to), times.get(to + 1))) {
                to++;
            }
            boolean last = to == times.size() - 1;
            clusters.add(new Cluster(
                    key.get(0), key.get(1), key.get(2), to - from + 1, times.get(from), times.get(to), last));
            from = to + 1;
        }
    }

    private static boolean isWithinWindow(Instant first, Instant second) {
        return Duration.between(first, second).compareTo(WINDOW) <= 0;
    }

    private static String text(JsonNode op, String member) {
        return op.path(member).asString("");
    }
}
