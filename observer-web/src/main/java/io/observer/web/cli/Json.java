package io.observer.web.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Cuts JSON into the text of its parts, so that what the server sent can be printed exactly as it came. */
final class Json {

    // How long a number or a string may be is the server's business, not this reader's; and the keys of events are
    // their
    // publishers' choice, so no table of them is kept.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** The text of each member of an object. */
    static JsonObject object(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        parse(json, JsonToken.START_OBJECT, (parser, name) -> members.put(name, cut(parser, json)));
        return new JsonObject(members);
    }

    /** The text of each element of an array. */
    static List<String> array(String json) {
        List<String> elements = new ArrayList<>();
        parse(json, JsonToken.START_ARRAY, (parser, name) -> elements.add(cut(parser, json)));
        return elements;
    }

    /** What a JSON string says, or null for any other value. */
    static @Nullable String string(String json) {
        try (JsonParser parser = parser(json)) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    /** A JSON string that says {@code text}. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }

    private static void parse(String json, JsonToken start, PartConsumer parts) {
        try (JsonParser parser = parser(json)) {
            if (parser.nextToken() != start) {
                throw new MalformedJson("not an " + (start == JsonToken.START_OBJECT ? "object" : "array"));
            }
            for (JsonToken token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
                String name = parser.currentName();
                if (token == JsonToken.PROPERTY_NAME) {
                    parser.nextToken();
                }
                parts.accept(parser, name == null ? "" : name);
            }
            if (parser.nextToken() != null) {
                throw new MalformedJson("text after the end");
            }
        } catch (JacksonException malformed) {
            throw malformed(malformed);
        }
    }

    private static String cut(JsonParser parser, String json) {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        return json.substring(from, (int) parser.currentLocation().getCharOffset());
    }

    private static JsonParser parser(String json) {
        return FACTORY.createParser(ObjectReadContext.empty(), json);
    }

    private static MalformedJson malformed(JacksonException malformed) {
        // Jackson goes on with where in the source it was, of which there is only one line here.
        return new MalformedJson(
                malformed.getOriginalMessage().replaceFirst("(?s)\\s*(\\(start marker| at \\[).*", ""));
    }

    private interface PartConsumer {

        void accept(JsonParser parser, String name);
    }
}
