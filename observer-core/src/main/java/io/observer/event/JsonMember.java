package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One member of a JSON object.
 *
 * @param text what a string says; a number, {@code true}, {@code false} or {@code null} as written; {@code ""} for
 *     objects and arrays
 * @param json the value's bytes as sent, insignificant white space aside; shared, so it must not be modified
 */
public record JsonMember(String name, Kind kind, String text, byte[] json) {

    /** What sort of value it is. */
    public enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        OBJECT,
        ARRAY
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonMember that && name.equals(that.name) && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return JsonText.quote(name) + ":" + new String(json, StandardCharsets.UTF_8);
    }
}
