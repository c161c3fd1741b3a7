package io.observer.web.http;

import io.observer.event.Cursor;
import io.observer.event.Echo;
import io.observer.event.EventFilter;
import io.observer.event.EventNames;
import io.observer.event.NameGlob;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.MultiValueMap;

/** The parameters of a request, read strictly: what is not understood is refused, never guessed. */
public final class Query {

    private static final int MAX_GLOBS = 16;
    private static final Pattern GLOB = Pattern.compile("[A-Za-z0-9._*?-]{1," + EventNames.MAX_LENGTH + "}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private final MultiValueMap<String, String> parameters;

    public Query(MultiValueMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /** The one value of a parameter. */
    public Optional<String> text(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Problem.badRequest("'" + name + "' is given " + values.size() + " times; give it once");
        }
        return values.stream().map(value -> value == null ? "" : value).findFirst();
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
        Set<String> jobs = text("job").stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .map(Query::jobName)
                .collect(Collectors.toUnmodifiableSet());
        return new EventFilter(jobs, globs());
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

    private List<NameGlob> globs() {
        List<String> globs =
                text("event").map(list -> List.of(list.split(",", -1))).orElse(List.of());
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

    private static Problem unfit(String name, String value, String rule) {
        return Problem.badRequest("'" + name + "' is '" + Echo.of(value) + "' but " + rule);
    }
}
