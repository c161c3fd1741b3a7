package io.observer.web.http;

import io.observer.event.Cursor;
import io.observer.event.Echo;
import io.observer.event.EventFilter;
import io.observer.event.EventNames;
import io.observer.event.NameGlob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, read strictly: what is not understood is refused, never guessed. */
public final class Query {

    private static final int MAX_GLOBS = 16;
    private static final Pattern GLOB = Pattern.compile("[A-Za-z0-9._*?-]{1," + EventNames.MAX_LENGTH + "}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    /** What means itself in a query besides letters and digits. */
    private static final String PLAIN_MARKS = "._,*=-";

    private final Map<String, List<String>> parameters;

    public Query(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /** The parameters in {@code text} if each stands there once and as it is meant; null if anything is encoded. */
    public static @Nullable Query ofPlain(String text) {
        Map<String, List<String>> parameters = new HashMap<>();
        int from = 0;
        while (from < text.length()) {
            int next = text.indexOf('&', from);
            int end = next < 0 ? text.length() : next;
            int equals = text.indexOf('=', from);
            if (equals <= from || equals >= end || !isPlain(text, from, end)) {
                return null;
            }
            String name = text.substring(from, equals);
            if (parameters.put(name, List.of(text.substring(equals + 1, end))) != null) {
                return null;
            }
            from = end + 1;
        }
        return new Query(parameters);
    }

    /** All values of a parameter, in the order of the query. */
    public List<String> texts(String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .map(value -> Objects.requireNonNullElse(value, ""))
                .toList();
    }

    /** The one value of a parameter. */
    public Optional<String> text(String name) {
        List<String> values = texts(name);
        if (values.size() > 1) {
            throw Problem.badRequest("'" + name + "' is given " + values.size() + " times; give it once");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** A number between bounds. */
    public Optional<Integer> number(String name, int min, int max) {
        return text(name).map(text -> {
            int number = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : -1;
            if (number < min || number > max) {
                throw unfit(name, text, "must be a whole number from " + min + " to " + max + ", in plain digits");
            }
            return number;
        });
    }

    /** A switch that has one position besides its default. */
    public boolean is(String name, String position, String other) {
        String text = text(name).orElse(other);
        if (!text.equals(position) && !text.equals(other)) {
            throw unfit(name, text, "must be " + position + " or " + other);
        }
        return text.equals(position);
    }

    /** Where {@code since} points; empty for {@code earliest}. */
    public Optional<Optional<Cursor>> since() {
        return text("since").map(text -> {
            if (text.equals("earliest")) {
                return Optional.empty();
            }
            Cursor cursor = Cursor.parse(text);
            if (cursor == null) {
                throw unfit("since", text, Cursor.RULE);
            }
            return Optional.of(cursor);
        });
    }

    /** The filter of a route for all jobs: globs in {@code event}, names in {@code job}. */
    public EventFilter filter() {
        Set<String> jobs = text("job").map(Query::jobNames).orElse(Set.of());
        List<NameGlob> names = globs();
        // One for all who want everything: a thousand readers then look at the same few bytes for each event.
        return jobs.isEmpty() && names.isEmpty() ? EventFilter.all() : new EventFilter(jobs, names);
    }

    /** The filter of one job's route: globs in {@code event}. */
    public EventFilter filterOf(String jobId) {
        return new EventFilter(Set.of(jobId), globs());
    }

    /** {@code text} if it is a legal job name. */
    public static String jobName(String text) {
        if (!EventNames.isLegal(text)) {
            throw unfit("job", text, EventNames.RULE);
        }
        return text;
    }

    private static Set<String> jobNames(String list) {
        return Stream.of(list.split(",", -1)).map(Query::jobName).collect(Collectors.toUnmodifiableSet());
    }

    private List<NameGlob> globs() {
        String list = text("event").orElse(null);
        if (list == null) {
            return List.of();
        }
        List<String> globs = List.of(list.split(",", -1));
        if (globs.size() > MAX_GLOBS) {
            throw Problem.badRequest("'event' has " + globs.size() + " patterns; at most " + MAX_GLOBS + " are taken");
        }
        globs.stream().filter(glob -> !GLOB.matcher(glob).matches()).findFirst().ifPresent(glob -> {
            throw unfit(
                    "event",
                    glob,
                    "must be patterns of 1 to 128 characters of A-Z a-z 0-9 . _ - * ?, with commas between");
        });
        return globs.stream().map(NameGlob::new).toList();
    }

    private static boolean isPlain(String text, int from, int end) {
        for (int n = from; n < end; n++) {
            char c = text.charAt(n);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && PLAIN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Problem unfit(String name, String value, String rule) {
        return Problem.badRequest("'" + name + "' is '" + Echo.of(value) + "' but " + rule);
    }
}
