package io.observer.operation;

import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import io.observer.operation.ClusterMemory.Failure;
import io.observer.operation.ClusterMemory.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Clusters as lines of JSON, one for each kind of failure that is followed and one for each closed cluster. */
final class ClusterMemoryJson {

    private ClusterMemoryJson() {}

    /** One line each, without line breaks. */
    static List<String> lines(ClusterMemory memory) {
        List<String> lines = new ArrayList<>();
        for (Kind kind : memory.kinds()) {
            lines.add("{\"kind\":" + json(kind.cluster()) + ",\"notable\":" + kind.notableCount() + ",\"quiet\":"
                    + numbered(
                            kind.quiet(),
                            failure -> "{\"at\":\"" + failure.at() + "\",\"error\":" + JsonText.quote(failure.error())
                                    + "}")
                    + "}");
        }
        memory.closed().forEach(cluster -> lines.add("{\"closed\":" + json(cluster) + "}"));
        return lines;
    }

    /** @throws IllegalArgumentException or another {@link RuntimeException} if a line is damaged */
    static ClusterMemory parse(List<byte[]> lines) {
        List<Kind> kinds = new ArrayList<>();
        List<FailureCluster> closed = new ArrayList<>();
        for (byte[] line : lines) {
            Map<String, JsonMember> members = StoredJson.members(line);
            if (members.containsKey("closed")) {
                closed.add(cluster(StoredJson.object(members, "closed")));
            } else {
                kinds.add(new Kind(
                        cluster(StoredJson.object(members, "kind")),
                        StoredJson.number(members, "notable"),
                        StoredJson.object(members, "quiet").values().stream()
                                .map(quiet -> failure(StoredJson.members(quiet.json())))
                                .toList()));
            }
        }
        return new ClusterMemory(kinds, closed);
    }

    private static String json(FailureCluster cluster) {
        return "{\"endpoint\":" + JsonText.quote(cluster.endpoint())
                + ",\"source\":" + JsonText.quote(cluster.source())
                + ",\"event_kind\":" + JsonText.quote(cluster.eventKind())
                + ",\"count\":" + cluster.count()
                + ",\"first\":\"" + cluster.first()
                + "\",\"last\":\"" + cluster.last()
                + "\",\"open\":" + cluster.open()
                + ",\"errors\":" + numbered(cluster.sampleErrors(), JsonText::quote) + "}";
    }

    private static FailureCluster cluster(Map<String, JsonMember> members) {
        return new FailureCluster(
                StoredJson.text(members, "endpoint"),
                StoredJson.text(members, "source"),
                StoredJson.text(members, "event_kind"),
                StoredJson.number(members, "count"),
                Instant.parse(StoredJson.text(members, "first")),
                Instant.parse(StoredJson.text(members, "last")),
                StoredJson.object(members, "errors").values().stream()
                        .map(JsonMember::text)
                        .toList(),
                StoredJson.text(members, "open").equals("true"));
    }

    private static Failure failure(Map<String, JsonMember> members) {
        return new Failure(Instant.parse(StoredJson.text(members, "at")), StoredJson.text(members, "error"));
    }

    /** A list as an object whose names are the positions. */
    private static <T> String numbered(List<T> values, Function<T, String> json) {
        StringBuilder object = new StringBuilder("{");
        for (int n = 0; n < values.size(); n++) {
            object.append(n == 0 ? "\"" : ",\"").append(n).append("\":").append(json.apply(values.get(n)));
        }
        return object.append('}').toString();
    }
}
