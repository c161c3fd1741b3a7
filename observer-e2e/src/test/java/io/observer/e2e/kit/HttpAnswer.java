package io.observer.e2e.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server answered.
 *
 * @param headers by lower-case name
 * @param took from the last byte sent to the last byte of the answer; when the answer came first, no time at all
 */
public record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body, Duration took) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The first value of a header, null when it is missing. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (RuntimeException e) {
            throw new AssertionError("not JSON: " + this, e);
        }
    }

    /** The body without the white space between its tokens; every other byte stands as it came. */
    public String compactText() {
        return compact(text());
    }

    /** JSON without the white space between its tokens. */
    public static String compact(String json) {
        StringBuilder compact = new StringBuilder(json.length());
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString && c == '\\') {
                compact.append(c).append(json.charAt(++i));
                continue;
            }
            if (c == '"') {
                inString = !inString;
            }
            if (inString || " \t\r\n".indexOf(c) < 0) {
                compact.append(c);
            }
        }
        return compact.toString();
    }

    @Override
    public String toString() {
        String text = text();
        String shown = text.length() <= 2_000 ? text : text.substring(0, 2_000) + "…";
        return status + " " + headers + "\n" + shown;
    }
}
