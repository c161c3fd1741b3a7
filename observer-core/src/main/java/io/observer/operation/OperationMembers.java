package io.observer.operation;

import io.observer.event.Echo;
import io.observer.event.EventError;
import io.observer.event.EventNames;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import io.observer.event.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one operation while they are checked. Of those that are known, null counts as not sent, except where
 * that would turn a mistake into a figure. One use, one thread.
 */
final class OperationMembers {

    static final int MAX_SOURCE = 128;
    static final int MAX_ENDPOINT = 2048;
    static final int MAX_NAME = 256;

    private static final String DEFAULT_SOURCE = "mcp";
    private static final Set<String> FIRST = Set.of("timestamp", "source", "endpoint", "success");

    private final List<JsonMember> members;
    private final Map<String, JsonMember> known = new HashMap<>();
    private final List<EventError> errors = new ArrayList<>();

    OperationMembers(List<JsonMember> members) {
        this.members = members;
        members.forEach(member -> known.put(member.name(), member));
    }

    /** What is wrong with the members that were asked for so far. */
    List<EventError> errors() {
        return errors;
    }

    /**
     * The operation; without meaning if there are {@link #errors} afterwards.
     *
     * @param now when it happened if it does not say so
     */
    ObservedOp toOperation(Instant now) {
        String sentTime = text("timestamp", Integer.MAX_VALUE);
        String timestamp =
                sentTime.isEmpty() ? now.truncatedTo(ChronoUnit.MILLIS).toString() : sentTime;
        Instant at = Rfc3339.parse(timestamp);
        if (at == null) {
            refuse("timestamp", "'" + Echo.of(timestamp) + "' is no time; write it like 2026-11-21T06:59:42.5Z");
        }
        String sentSource = text("source", MAX_SOURCE);
        String source = sentSource.isEmpty() ? DEFAULT_SOURCE : sentSource;
        String endpoint = endpoint();
        boolean success = success();
        String stafferId = text("staffer_id", MAX_NAME);
        String eventKind = text("event_kind", MAX_NAME);
        String role = text("role", MAX_NAME);
        String error = text("error", Integer.MAX_VALUE);
        checkDuration();
        byte[] json = json(timestamp, source, endpoint, success);
        return new ObservedOp(
                at == null ? now : at,
                timestamp,
                source,
                endpoint,
                success,
                stafferId,
                eventKind,
                role,
                error,
                jobId(),
                json);
    }

    private String endpoint() {
        if (!known.containsKey("endpoint")) {
            refuse("endpoint", "is missing; every operation needs one, such as \"/v1/search\"");
            return "";
        }
        if (known.get("endpoint").kind() == Kind.NULL) {
            refuse("endpoint", "must be a string that is not empty");
            return "";
        }
        int before = errors.size();
        String endpoint = text("endpoint", MAX_ENDPOINT);
        if (endpoint.isBlank() && errors.size() == before) {
            refuse("endpoint", "must be a string that is not empty");
        }
        return endpoint;
    }

    private boolean success() {
        JsonMember member = known.get("success");
        if (member != null && member.kind() != Kind.BOOLEAN) {
            refuse("success", "must be true or false");
        }
        return member != null && member.text().equals("true");
    }

    private void checkDuration() {
        JsonMember member = given("duration_ms");
        if (member != null && member.kind() != Kind.NUMBER) {
            refuse("duration_ms", "must be a number of milliseconds");
        }
    }

    private String jobId() {
        JsonMember member = known.get("job_id");
        return member != null && member.kind() == Kind.STRING && EventNames.isLegal(member.text()) ? member.text() : "";
    }

    private String text(String name, int maxLength) {
        JsonMember member = given(name);
        if (member == null) {
            return "";
        }
        if (member.kind() != Kind.STRING) {
            refuse(name, "must be a string");
            return "";
        }
        if (member.text().length() > maxLength) {
            refuse(name, "may have at most " + maxLength + " characters");
        }
        return member.text();
    }

    private @Nullable JsonMember given(String name) {
        JsonMember member = known.get(name);
        return member == null || member.kind() == Kind.NULL ? null : member;
    }

    private void refuse(String field, String detail) {
        errors.add(new EventError(1, field, detail));
    }

    /** What always is there comes first, then everything else as it was sent. */
    private byte[] json(String timestamp, String source, String endpoint, boolean success) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        write(out, "{\"timestamp\":" + JsonText.quote(timestamp));
        write(out, ",\"source\":" + JsonText.quote(source));
        write(out, ",\"endpoint\":" + JsonText.quote(endpoint));
        write(out, ",\"success\":" + success);
        for (JsonMember member : members) {
            if (!FIRST.contains(member.name())) {
                write(out, "," + JsonText.quote(member.name()) + ":");
                out.writeBytes(member.json());
            }
        }
        out.write('}');
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
