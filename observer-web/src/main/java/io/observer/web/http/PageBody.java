package io.observer.web.http;

import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page as it stands on the wire, joined from the bytes that its events already have. */
public final class PageBody {

    private static final byte[] EVENTS = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);

    private final List<Event> events;
    private final byte[] rest;

    private PageBody(List<Event> events, byte[] rest) {
        this.events = events;
        this.rest = rest;
    }

    /** @param positionGap what is wrong with the cursor itself, which comes before what retention took */
    public static PageBody of(LogPage page, @Nullable Gap positionGap, EventLog log) {
        return new PageBody(page.events(), rest(page, positionGap == null ? page.gap() : positionGap, log));
    }

    /** Its length in bytes. */
    public int size() {
        int size = EVENTS.length + Math.max(0, events.size() - 1) + 1 + rest.length;
        for (Event event : events) {
            size += event.json().length;
        }
        return size;
    }

    /** Adds the whole page to {@code out}, which has room for it. */
    public void writeTo(ByteBuffer out) {
        out.put(EVENTS);
        for (int n = 0; n < events.size(); n++) {
            if (n > 0) {
                out.put((byte) ',');
            }
            out.put(events.get(n).json());
        }
        out.put((byte) ']').put(rest);
    }

    /** All of it. */
    public byte[] bytes() {
        byte[] bytes = new byte[size()];
        writeTo(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** What follows the events, from the comma on. */
    private static byte[] rest(LogPage page, @Nullable Gap gap, EventLog log) {
        LogBounds bounds = log.bounds();
        byte[] rest = Json.object(json -> {
            json.writeStringProperty("cursor", new Cursor(log.epoch(), page.covered()).toString());
            json.writeBooleanProperty("has_more", page.hasMore());
            Json.nullableNumber(json, "first_id", bounds.isEmpty() ? null : bounds.firstId());
            Json.nullableNumber(json, "last_id", bounds.isEmpty() ? null : bounds.lastId());
            json.writeName("gap");
            GapJson.write(json, gap);
            if (log.isStale()) {
                json.writeBooleanProperty("stale", true);
            }
        });
        rest[0] = ',';
        return rest;
    }
}
