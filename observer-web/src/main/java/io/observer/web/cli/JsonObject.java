package io.observer.web.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, each as its text. */
record JsonObject(Map<String, String> members) {

    JsonObject {
        members = Map.copyOf(members);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** The member's JSON, or null if there is none or it is null. */
    @Nullable
    String json(String name) {
        String json = members.get(name);
        return json == null || json.equals("null") ? null : json;
    }

    /** What the member says, or {@code ""} if it is not a string. */
    String text(String name) {
        String json = json(name);
        String text = json == null ? null : Json.string(json);
        return text == null ? "" : text;
    }

    /** The member's number, or {@code fallback} if it is none. */
    double number(String name, double fallback) {
        String json = json(name);
        try {
            return json == null ? fallback : Double.parseDouble(json);
        } catch (NumberFormatException notNumber) {
            return fallback;
        }
    }
}
