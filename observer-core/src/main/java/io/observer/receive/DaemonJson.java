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
            message = members(line);
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
        return new Notification(method == null ? "" : method.text(), members(params.json()));
    }

    /** The event that a notification tells, or null if it cannot be one. */
    @Nullable
    EventDraft event(Notification told) {
        return draft(told.params());
    }

    /**
     * The events of an answer {@code {"events":[…]}}, in its order.
     *
     * @throws IOException if it is something else
     */
    List<EventDraft> events(byte[] result) throws IOException {
        try {
            List<EventDraft> drafts = new ArrayList<>();
            JsonMember list = members(result).get("events");
            for (byte[] event : list == null ? List.<byte[]>of() : JsonText.elements(list.json())) {
                EventDraft draft = draft(members(event));
                if (draft != null) {
                    drafts.add(draft);
                }
            }
            return drafts;
        } catch (InvalidEventException noEvents) {
            throw new IOException("its history cannot be read", noEvents);
        }
    }

    /** A line was too long to be read. */
    void tooLong() {
        garbled("it has more than " + (DaemonCall.LONGEST_LINE >> 20) + " MiB");
    }

    static Map<String, JsonMember> members(byte[] json) {
        return JsonText.members(json).stream().collect(Collectors.toMap(JsonMember::name, member -> member));
    }

    private @Nullable EventDraft draft(Map<String, JsonMember> members) {
        try {
            return events.parseJson(body(members)).drafts().get(0);
        } catch (InvalidEventException | BodyTooLargeException refused) {
            metrics.countRefused();
            if (!refusalSaid) {
                refusalSaid = true;
                log.warn(
                        "An event of the daemon is left out, and so are others like it, which are only counted. reason={}",
                        refused.getMessage());
            }
            return null;
        }
    }

    /** The members that events have, as the body of a publish. */
    private static byte[] body(Map<String, JsonMember> members) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        JsonMember name = members.getOrDefault("event", members.get("event_type"));
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
        JsonMember message = error.kind() == Kind.OBJECT ? members(error.json()).get("message") : null;
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
