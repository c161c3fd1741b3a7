package io.observer.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in one life of the log: everything up to and including {@code id} is behind it.
 *
 * @param epoch the life of the log, or null for a bare id, which means the present one
 * @param id 0 for the start
 */
public record Cursor(@Nullable String epoch, long id) {

    /** What a cursor looks like, for error messages. */
    public static final String RULE = "must be a cursor such as k3f9x2-42, an event id, or earliest";

    private static final int MAX_LENGTH = 64;
    private static final Pattern FORM = Pattern.compile("(?:([A-Za-z0-9]+)-)?([0-9]{1,19})");

    /**
     * Reads {@code <epoch>-<id>} or a bare id.
     *
     * @return null if {@code text} is neither
     */
    public static @Nullable Cursor parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        try {
            return new Cursor(form.group(1), Long.parseLong(form.group(2)));
        } catch (NumberFormatException beyondLong) {
            return null;
        }
    }

    /** Whether this cursor belongs to the life of the log called {@code currentEpoch}. */
    public boolean isOf(String currentEpoch) {
        return epoch == null || epoch.equals(currentEpoch);
    }

    @Override
    public String toString() {
        return epoch == null ? Long.toString(id) : epoch + "-" + id;
    }
}
