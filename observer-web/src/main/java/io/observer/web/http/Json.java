package io.observer.web.http;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the server's own small documents. Events are never written here: they bring their bytes. */
public final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One object with the members that {@code members} writes, in UTF-8 on one line. */
    public static byte[] object(Consumer<JsonGenerator> members) {
        return write(json -> {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        });
    }

    /** One document. */
    public static byte[] write(Consumer<JsonGenerator> document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            document.accept(json);
        }
        return out.toByteArray();
    }

    /** Seconds without an exponent, as people write them. */
    public static void seconds(JsonGenerator json, String name, double seconds) {
        json.writeName(name);
        json.writeNumber(BigDecimal.valueOf(seconds).toPlainString());
    }

    /** A number or null. */
    public static void nullableNumber(JsonGenerator json, String name, @Nullable Long number) {
        json.writeName(name);
        if (number == null) {
            json.writeNull();
        } else {
            json.writeNumber(number);
        }
    }
}
