package io.observer.web.http;

import io.observer.log.Gap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A gap as pages and streams say it. */
public final class GapJson {

    private GapJson() {}

    /** Writes the gap as an object, or null. */
    public static void write(JsonGenerator json, @Nullable Gap gap) {
        if (gap == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("reason", gap.reason().wireName());
        Json.nullableNumber(json, "from", gap.from());
        Json.nullableNumber(json, "to", gap.to());
        Json.nullableNumber(json, "dropped", gap.dropped());
        json.writeEndObject();
    }
}
