package io.observer.event;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** JSON that is to become the payload of an event, read as strictly as events are. */
public final class JsonText {

    /** The braces of the event that will be around the payload. */
    private static final int OF_THE_EVENT = 1;

    private JsonText() {}

    /**
     * The members of the object in {@code json}, in their order.
     *
     * @throws InvalidEventException if it is no object, or breaks a rule that payloads have to obey
     */
    public static List<JsonMember> members(byte[] json) {
        return members(json, -OF_THE_EVENT);
    }

    /**
     * The members of the object in {@code json}, which is an event or has one in it.
     *
     * @param around how many levels of {@code json} are around the event, and do not count as nested
     * @throws InvalidEventException if it is no object, or breaks a rule that events have to obey
     */
    public static List<JsonMember> membersAround(byte[] json, int around) {
        return members(json, around);
    }

    private static List<JsonMember> members(byte[] json, int uncounted) {
        String fault = Utf8.fault(json, 0, json.length);
        if (fault != null) {
            throw refused(new EventError(1, null, "the body " + fault));
        }
        JsonTokens tokens = new JsonTokens(json);
        try (tokens) {
            JsonParser parser = tokens.parser();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new EventParser.Refused(null, "the body must be a JSON object");
            }
            List<JsonMember> members = new ArrayList<>();
            ValueCutter values = new ValueCutter(tokens, uncounted);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                members.add(member(tokens, values));
            }
            tokens.requireEnd();
            return members;
        } catch (EventParser.Refused rule) {
            throw refused(new EventError(1, rule.field(), rule.detail()));
        } catch (JacksonException malformed) {
            throw refused(tokens.errorOf(malformed, 1));
        }
    }

    /** A JSON string that says {@code text}. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }

    private static JsonMember member(JsonTokens tokens, ValueCutter values) {
        JsonParser parser = tokens.parser();
        String name = parser.currentName();
        if (tokens.hasSurrogateEscapes() && Utf8.hasLoneSurrogate(name)) {
            throw new EventParser.Refused(Echo.of(name), "holds half of a surrogate pair; write whole characters");
        }
        JsonToken token = parser.nextToken();
        String text = token.isScalarValue() ? parser.getString() : "";
        return new JsonMember(name, kindOf(token), text, values.cut(Echo.of(name)));
    }

    private static JsonMember.Kind kindOf(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> JsonMember.Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonMember.Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> JsonMember.Kind.BOOLEAN;
            case VALUE_NULL -> JsonMember.Kind.NULL;
            case START_OBJECT -> JsonMember.Kind.OBJECT;
            case START_ARRAY -> JsonMember.Kind.ARRAY;
            default -> throw new IllegalStateException("no value begins with " + token);
        };
    }

    private static InvalidEventException refused(EventError error) {
        return new InvalidEventException(List.of(error));
    }
}
