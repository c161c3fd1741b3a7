package io.observer.receive;

import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.JsonText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The event that says that a source had more to tell than has come. */
final class SourceGap {

    private final String source;
    private final EventJson events;

    SourceGap(String source, Clock clock) {
        this.source = source;
        this.events = new EventJson(clock);
    }

    /**
     * Nobody knows what was missed.
     *
     * @param reason {@code disconnected}, or {@code waited} if the log took nothing for a while
     * @param since when the source was last heard, or null if that was before the server's start
     * @param observed whether the {@code observer.*} events of that time have been had all the same
     */
    EventDraft ofUnknownExtent(String reason, @Nullable Instant since, boolean observed) {
        String when = since == null
                ? "null"
                : BigDecimal.valueOf(since.toEpochMilli(), 3).toPlainString();
        return event("\"reason\":\"" + reason + "\",\"since\":" + when + ",\"recovered\":"
                + (observed ? "[\"observer.*\"]" : "[]"));
    }

    /** What is before the newest events of a source, and was not asked for when it was first listened to. */
    EventDraft ofBefore(long lastId) {
        return event("\"reason\":\"first\",\"from\":1,\"to\":" + lastId + ",\"dropped\":null");
    }

    /** @param gap what the source itself says of it, a JSON object with members */
    EventDraft asTold(byte[] gap) {
        String members = new String(gap, StandardCharsets.UTF_8);
        return event(members.substring(1, members.length() - 1));
    }

    private EventDraft event(String members) {
        String json = "{\"event\":\"source.gap\",\"data\":{\"source\":" + JsonText.quote(source) + "," + members + "}}";
        return events.parseJson(json.getBytes(StandardCharsets.UTF_8)).drafts().get(0);
    }
}
