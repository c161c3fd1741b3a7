package io.observer.web.cli;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The members that {@code publish} gives to events.
 *
 * @param job job of events that name none, or null to leave that to the server
 * @param sheet sheet of events that name none, or null to leave that to the server
 */
record PublishDefaults(@Nullable String job, @Nullable Integer sheet) {

    /** The JSON of a new event that happens now: a server that is away must not make it look younger. */
    byte[] event(String name, String data, Clock clock) {
        String timestamp = BigDecimal.valueOf(clock.millis(), 3).toPlainString();
        String event = "{" + members(true, true) + "\"event\":" + Json.quote(name) + ",\"data\":" + data
                + ",\"timestamp\":" + timestamp + "}";
        return event.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Adds what an event lacks. All else stays byte for byte as it is, and anything that is no JSON object is left for the
     * server to refuse.
     */
    byte[] complete(byte[] json) {
        if (job == null && sheet == null) {
            return json;
        }
        JsonObject event;
        try {
            event = Json.object(new String(json, StandardCharsets.UTF_8));
        } catch (MalformedJson leftToServer) {
            return json;
        }
        String missing = members(!event.has("job_id"), !event.has("sheet_num"));
        if (missing.isEmpty()) {
            return json;
        }
        int brace = indexOf('{', json) + 1;
        String added = event.members().isEmpty() ? missing.substring(0, missing.length() - 1) : missing;
        ByteArrayOutputStream completed = new ByteArrayOutputStream(json.length + added.length());
        completed.write(json, 0, brace);
        completed.writeBytes(added.getBytes(StandardCharsets.UTF_8));
        completed.write(json, brace, json.length - brace);
        return completed.toByteArray();
    }

    private static int indexOf(char ascii, byte[] text) {
        int at = 0;
        while (text[at] != ascii) {
            at++;
        }
        return at;
    }

    private String members(boolean withJob, boolean withSheet) {
        String members = withJob && job != null ? "\"job_id\":" + Json.quote(job) + "," : "";
        return withSheet && sheet != null ? members + "\"sheet_num\":" + sheet + "," : members;
    }
}
