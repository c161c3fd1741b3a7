package io.observer.operation;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as RFC 3339 writes them. */
final class Rfc3339 {

    private static final int MAX_LENGTH = 64;
    private static final Pattern FORM =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:)(\\d{2})(?:(\\.\\d{1,9})\\d*)?(Z|[+-]\\d{2}:\\d{2})");

    private Rfc3339() {}

    /** The moment that {@code text} names, to the nanosecond; null if it names none. A leap second is the one before. */
    static @Nullable Instant parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Matcher form = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            return null;
        }
        String second = form.group(2).equals("60") ? "59" : form.group(2);
        String fraction = form.group(3) == null ? "" : form.group(3);
        try {
            return OffsetDateTime.parse(form.group(1) + second + fraction + form.group(4))
                    .toInstant();
        } catch (DateTimeException noSuchTime) {
            return null;
        }
    }
}
