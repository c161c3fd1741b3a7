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
import org.jspecify.annotations.Nullable;

/** A page as it stands on the wire, joined from the bytes that its events already have. */
final class PageBody {

    private static final byte[] EVENTS = ascii("{\"events\":[");

    private PageBody() {}

    /** @param positionGap what is wrong with the cursor itself, which comes before what retention took */
    static byte[] of(LogPage page, @Nullable Gap positionGap, EventLog log) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(EVENTS);
        String separator = "";
        for (Event event : page.events()) {
            body.writeBytes(ascii(separator));
            body.writeBytes(event.json());
            separator = ",";
        }
        body.writeBytes(ascii("],"));
        byte[] rest = rest(page.covered(), page.hasMore(), positionGap == null ? page.gap() : positionGap, log);
        body.write(rest, 1, rest.length - 1);
        return body.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
