package io.observer.event;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Looks into the {@code data} of events. */
public final class EventPayload {

    private EventPayload() {}

    /** The string that {@code data} has under {@code member}; null if there is none. */
    public static @Nullable String text(Event event, String member) {
        try (JsonTokens tokens = new JsonTokens(event.json())) {
            JsonParser parser = tokens.parser();
            parser.nextToken();
            if (!find(parser, "data") || parser.currentToken() != JsonToken.START_OBJECT || !find(parser, member)) {
                return null;
            }
            return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    /** Moves from the start of an object to the value of a member, if it has that. */
    private static boolean find(JsonParser parser, String member) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(member);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
