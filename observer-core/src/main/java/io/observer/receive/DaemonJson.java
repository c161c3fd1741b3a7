package io.observer.receive;

import io.observer.event.BodyTooLargeException;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
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
     * The event that a line of the subscription tells, or null if it tells none.
     *
     * @throws IOException if the line ends the subscription
     */
    @Nullable
    EventDraft event(byte[] line) throws IOException {
        Map<String, JsonMember> message;
        try {
            message = members(line);
        } catch (InvalidEventException noJson) {
            garbled("it is no JSON object");
            return null;
        }
        if (message.containsKey("id") && message.get("id").kind() != JsonMember.Kind.NULL) {
            throw new IOException(
                    message.containsKey("error") ? "it refuses the subscription" : "it ended the subscription");
        }
        JsonMember params = message.get("params");
        if (params == null || params.kind() != JsonMember.Kind.OBJECT) {
            garbled("it has no params");
            return null;
        }
        return draft(params.json());
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
                EventDraft draft = draft(event);
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

    private @Nullable EventDraft draft(byte[] params) {
        try {
            return events.parseJson(body(members(params))).drafts().get(0);
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
        return member.kind() == JsonMember.Kind.NULL
                || (member.kind() == JsonMember.Kind.STRING && member.text().isEmpty());
    }

    private void garbled(String reason) {
        metrics.countGarbled();
        if (!garbageSaid) {
            garbageSaid = true;
            log.warn("A line of the daemon cannot be read; others like it are only counted. reason={}", reason);
        }
    }

    private static Map<String, JsonMember> members(byte[] json) {
        return JsonText.members(json).stream().collect(Collectors.toMap(JsonMember::name, member -> member));
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
