package io.observer.e2e.kit;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One frame of an event stream: its text as it stood on the wire, and its fields as the SSE standard reads them. A field
 * that was not sent is null.
 */
public record SseFrame(
        String text,
        @Nullable String retry,
        @Nullable String id,
        @Nullable String event,
        @Nullable String data) {

    private static final Set<String> CONTROL = Set.of(
            "hello",
            "caught_up",
            "heartbeat",
            "gap",
            "job_finished",
            "source_connected",
            "source_disconnected",
            "bridge_stopped",
            "busy");

    private static final JsonMapper JSON = JsonMapper.shared();

    static SseFrame parse(String text) {
        String retry = null;
        String id = null;
        String event = null;
        StringBuilder data = null;
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "retry" -> retry = value;
                case "id" -> id = value;
                case "event" -> event = value;
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                default -> {
                    // A comment, or a field that the standard tells readers to ignore.
                }
            }
        }
        return new SseFrame(text, retry, id, event, data == null ? null : data.toString());
    }

    /** The frame with its fields in one fixed order, one a line: what tests compare, since their order is free. */
    public String wire() {
        StringBuilder wire = new StringBuilder();
        append(wire, "retry", retry);
        append(wire, "id", id);
        append(wire, "event", event);
        append(wire, "data", data);
        return wire.toString();
    }

    private static void append(StringBuilder wire, String field, @Nullable String value) {
        if (value != null) {
            wire.append(field).append(": ").append(value).append('\n');
        }
    }

    /** Whether the frame says something about the stream rather than being an event of the log. */
    public boolean isControl() {
        return event != null && CONTROL.contains(event);
    }

    public boolean isEvent() {
        return data != null && !isControl();
    }

    public boolean is(String name) {
        return name.equals(event);
    }

    /** The data as JSON. */
    public JsonNode json() {
        return JSON.readTree(String.valueOf(data));
    }

    /** The id of the event that this frame carries. */
    public long eventId() {
        return json().required("id").asLong();
    }

    /** A number in the event's payload. */
    public int payload(String member) {
        return json().required("data").required(member).asInt();
    }

    @Override
    public String toString() {
        return wire();
    }
}
