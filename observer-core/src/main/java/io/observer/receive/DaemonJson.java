package io.observer.receive;

import io.observer.event.BodyTooLargeException;
import io.observer.event.Echo;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import io.observer.event.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a daemon says. An event without a name is a {@code daemon_event}, {@code event_type} is another word for
 * {@code event}, and members that events do not have are left out. What cannot be an event all the same is counted, and
 * the first of it logged.
 */
final class DaemonJson {

    private static final Logger log = LoggerFactory.getLogger(DaemonJson.class);

    /** The braces of a notification. */
    private static final int AROUND_AN_EVENT = 1;

    private static final String NAMELESS = "daemon_event";

    private final EventJson events;
    private final ReceiverMetrics metrics;
    private boolean refusalSaid;
    private boolean garbageSaid;

    DaemonJson(EventJson events, ReceiverMetrics metrics) {
        this.events = events;
        this.metrics = metrics;
    }

    /**
     * What a line of the subscription says, or null if it says nothing.
     *
     * @throws IOException if the line ends the subscription
     */
    @Nullable
    Notification notification(byte[] line) throws IOException {
        Map<String, JsonMember> message;
        try {
            message = members(line, AROUND_AN_EVENT);
        } catch (InvalidEventException noJson) {
            garbled("it is no JSON object");
            return null;
        }
        JsonMember id = message.get("id");
        if (id != null && id.kind() != Kind.NULL) {
            JsonMember error = message.get("error");
            throw new IOException(
                    error == null ? "it ended the subscription" : "it refuses the subscription" + reason(error));
        }
        JsonMember params = message.get("params");
        if (params == null || params.kind() != Kind.OBJECT) {
            garbled("it has no params");
            return null;
        }
        JsonMember method = message.get("method");
        return new Notification(method == null ? "" : method.text(), members(params.json(), 0));
    }

    /** The event that a notification tells, or null if it cannot be one. */
    @Nullable
    EventDraft event(Notification told) {
        return draft(told.params());
    }

    /**
     * The events of an answer {@code {"events":[…]}}, in its order, as the daemon wrote them.
     *
     * @throws IOException if it is something else
     */
    static List<byte[]> history(byte[] result) throws IOException {
        byte[] list = JsonPieces.member(result, "events");
        return list == null ? List.of() : JsonPieces.elements(list);
    }

    /** Those of {@code told} that can be events. */
    List<EventDraft> drafts(List<byte[]> told) {
        List<EventDraft> drafts = new ArrayList<>();
        for (byte[] event : told) {
            try {
                EventDraft draft = draft(members(event, 0));
                if (draft != null) {
                    drafts.add(draft);
                }
            } catch (InvalidEventException noJson) {
                refused(noJson);
            }
        }
        return drafts;
    }

    /** A line was too long to be read. */
    void tooLong() {
        garbled("it has more than " + (DaemonCall.LONGEST_LINE >> 20) + " MiB");
    }

    /** @param around how many levels of {@code json} are around an event */
    static Map<String, JsonMember> members(byte[] json, int around) {
        return JsonText.membersAround(json, around).stream()
                .collect(Collectors.toMap(JsonMember::name, member -> member));
    }

    private @Nullable EventDraft draft(Map<String, JsonMember> members) {
        try {
            return events.parseJson(body(members)).drafts().get(0);
        } catch (InvalidEventException | BodyTooLargeException refused) {
            refused(refused);
            return null;
        }
    }

    private void refused(RuntimeException reason) {
        metrics.countRefused();
        if (!refusalSaid) {
            refusalSaid = true;
            log.warn(
                    "An event of the daemon is left out, and so are others like it, which are only counted. reason={}",
                    reason.getMessage());
        }
    }

    /** The members that events have, as the body of a publish. */
    private static byte[] body(Map<String, JsonMember> members) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        JsonMember event = members.get("event");
        JsonMember name = event == null || isNothing(event) ? members.get("event_type") : event;
        body.writeBytes(bytes("{\"event\":"));
        body.writeBytes(name == null || isNothing(name) ? bytes("\"" + NAMELESS + "\"") : name.json());
        for (String known : List.of("job_id", "sheet_num", "data", "timestamp")) {
            JsonMember member = members.get(known);
            if (member != null && !isNothing(member)) {
                body.writeBytes(bytes(",\"" + known + "\":"));
                body.writeBytes(member.json());
            }
        }
        body.write('}');
        return body.toByteArray();
    }

    private static boolean isNothing(JsonMember member) {
        return member.kind() == Kind.NULL
                || (member.kind() == Kind.STRING && member.text().isEmpty());
    }

    private static String reason(JsonMember error) {
        JsonMember message =
                error.kind() == Kind.OBJECT ? members(error.json(), 0).get("message") : null;
        return message == null ? "" : ": " + Echo.of(message.text());
    }

    private void garbled(String reason) {
        metrics.countGarbled();
        if (!garbageSaid) {
            garbageSaid = true;
            log.warn("A line of the daemon cannot be read; others like it are only counted. reason={}", reason);
        }
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
