package io.observer.operation;

import io.observer.event.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Failures of one kind at one place, close together in time.
 *
 * @param count failures so far
 * @param first when the first of them happened
 * @param last when the newest of them happened
 * @param sampleErrors a few different things that they said, shortened, in the order in which they came
 * @param open whether more are expected
 */
public record FailureCluster(
        String endpoint,
        String source,
        String eventKind,
        long count,
        Instant first,
        Instant last,
        List<String> sampleErrors,
        boolean open) {

    public FailureCluster {
        sampleErrors = List.copyOf(sampleErrors);
    }

    /** The cluster as JSON, {@code open} or {@code closed}. */
    public byte[] json() {
        return json(open ? "open" : "closed");
    }

    byte[] json(String state) {
        String errors = sampleErrors.stream().map(JsonText::quote).collect(Collectors.joining(","));
        String json = "{\"endpoint\":" + JsonText.quote(endpoint)
                + ",\"source\":" + JsonText.quote(source)
                + ",\"event_kind\":" + JsonText.quote(eventKind)
                + ",\"count\":" + count
                + ",\"state\":\"" + state
                + "\",\"first\":\"" + first
                + "\",\"last\":\"" + last
                + "\",\"sample_errors\":[" + errors + "]}";
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
