package io.observer.e2e.fuzz;

import static io.observer.e2e.fuzz.StrictJson.require;

import io.observer.e2e.fuzz.StrictJson.Kind;
import io.observer.e2e.fuzz.StrictJson.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must come of a publish, by the words of the contract; bodies are smaller than any limit. */
final class PublishModel {

    /** An event as it must be stored; {@code timestamp} null for the time of its arrival. */
    record Stored(
            String job,
            long sheet,
            String name,
            String data,
            @Nullable String timestamp) {

        /** The pattern that its JSON matches under this id. */
        String pattern(long id) {
            String head = "{\"id\":%d,\"job_id\":\"%s\",\"sheet_num\":%d,\"event\":\"%s\",\"data\":"
                    .formatted(id, job, sheet, name);
            String time = timestamp == null ? "\\E[0-9]{10,}\\.[0-9]{1,9}\\Q" : timestamp;
            return "\\Q" + head + data.replace("\\E", "\\E\\\\E\\Q") + ",\"timestamp\":" + time + "}\\E";
        }
    }

    private static final Set<String> KEYS =
            Set.of("job_id", "sheet_num", "event", "kind", "data", "payload", "timestamp");
    private static final Set<String> RESERVED = Set.of(
            "hello",
            "caught_up",
            "heartbeat",
            "gap",
            "job_finished",
            "source_connected",
            "source_disconnected",
            "bridge_stopped",
            "busy",
            "message",
            "open",
            "error");

    private PublishModel() {}

    /** The events that must be stored; empty if all must be refused. */
    static List<Stored> judge(byte[] body, boolean lines) {
        try {
            return lines ? ofLines(body) : ofDocument(body);
        } catch (IllegalArgumentException refused) {
            return List.of();
        }
    }

    private static List<Stored> ofLines(byte[] body) {
        List<Stored> events = new ArrayList<>();
        for (String line : text(body).split("\n")) {
            if (!line.matches("[ \t\r]*")) {
                events.add(event(new StrictJson(line).only()));
            }
        }
        return events;
    }

    private static List<Stored> ofDocument(byte[] body) {
        StrictJson json = new StrictJson(text(body));
        List<Stored> events = new ArrayList<>();
        if (json.take('[')) {
            for (boolean more = !json.take(']'); more; more = !json.take(']')) {
                require(events.isEmpty() || json.take(','));
                events.add(event(json.next(1)));
            }
            json.expectEnd();
        } else {
            events.add(event(json.only()));
        }
        return events;
    }

    private static String text(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            require(text.indexOf('\0') < 0);
            return text;
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static Stored event(Value value) {
        require(value.kind() == Kind.OBJECT);
        Map<String, Value> members = value.members();
        require(KEYS.containsAll(members.keySet()));
        Value name = oneOf(members, "event", "kind");
        require(name != null && isName(name) && !RESERVED.contains(name.text()));
        Value job = members.get("job_id");
        require(job == null
                || isName(job)
                || (job.kind() == Kind.STRING && job.text().isEmpty()));
        Value data = oneOf(members, "data", "payload");
        require(data == null || data.kind() == Kind.OBJECT || data.raw().equals("null"));
        Value time = members.get("timestamp");
        require(time == null || time.kind() == Kind.NUMBER);
        return new Stored(
                job == null ? "" : job.text(),
                sheet(members.get("sheet_num")),
                name.text(),
                data == null ? "null" : data.raw(),
                time == null ? null : time.raw());
    }

    private static @Nullable Value oneOf(Map<String, Value> members, String name, String other) {
        require(!members.containsKey(name) || !members.containsKey(other));
        return members.getOrDefault(name, members.get(other));
    }

    private static boolean isName(Value value) {
        return value.kind() == Kind.STRING
                && value.text().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
                && !value.text().contains("..");
    }

    private static long sheet(@Nullable Value value) {
        if (value == null) {
            return 0;
        }
        require(value.kind() == Kind.NUMBER && value.raw().matches("-?[0-9]{1,10}"));
        long sheet = Long.parseLong(value.raw());
        require(sheet >= 0 && sheet <= Integer.MAX_VALUE);
        return sheet;
    }
}
