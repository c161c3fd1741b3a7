package io.observer.web.api;

import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.web.http.GapJson;
import io.observer.web.http.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page as it stands on the wire, joined from the bytes that its events already have. */
final class PageBody {

    /** A page ends early rather than grow beyond this; {@code has_more} then says so. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final byte[] EVENTS = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);

    private PageBody() {}

    /** @param positionGap what is wrong with the cursor itself, which comes before what retention took */
    static byte[] of(LogPage page, @Nullable Gap positionGap, EventLog log) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(EVENTS);
        List<Event> events = page.events();
        int written = 0;
        while (written < events.size() && (written == 0 || body.size() < MAX_BYTES)) {
            if (written > 0) {
                body.write(',');
            }
            body.writeBytes(events.get(written++).json());
        }
        body.writeBytes("],".getBytes(StandardCharsets.US_ASCII));
        boolean cut = written < events.size();
        long covered = cut ? events.get(written - 1).id() : page.covered();
        byte[] rest = rest(covered, cut || page.hasMore(), positionGap == null ? page.gap() : positionGap, log);
        body.write(rest, 1, rest.length - 1);
        return body.toByteArray();
    }

    private static byte[] rest(long covered, boolean hasMore, @Nullable Gap gap, EventLog log) {
        LogBounds bounds = log.bounds();
        return Json.object(json -> {
            json.writeStringProperty("cursor", new Cursor(log.epoch(), covered).toString());
            json.writeBooleanProperty("has_more", hasMore);
            Json.nullableNumber(json, "first_id", bounds.isEmpty() ? null : bounds.firstId());
            Json.nullableNumber(json, "last_id", bounds.isEmpty() ? null : bounds.lastId());
            json.writeName("gap");
            GapJson.write(json, gap);
        });
    }
}
