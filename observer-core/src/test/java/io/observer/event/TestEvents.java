package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Sample events for tests of every package, made the way real ones are. */
public final class TestEvents {

    /** The moment at which all samples without a timestamp happened. */
    public static final Instant NOW = Instant.ofEpochSecond(1_732_152_419L, 250_000_000);

    /** Two jobs that run at the same time. */
    public static final String BUILD = "build-7";

    public static final String DEPLOY = "deploy-3";

    private static final EventJson JSON = new EventJson(Clock.fixed(NOW, ZoneOffset.UTC));

    private TestEvents() {}

    /** The draft of one event as a publisher would send it. */
    public static EventDraft draft(String json) {
        return JSON.parseJson(json.getBytes(StandardCharsets.UTF_8)).drafts().get(0);
    }

    public static EventDraft draft(String job, String name) {
        return draft("""
                {"job_id": "%s", "event": "%s"}""".formatted(job, name));
    }

    /** An event that carries {@code text}, to be recognised or to be large. */
    public static EventDraft line(String job, String text) {
        return draft("""
                {"job_id": "%s", "event": "log.line", "data": {"line": "%s"}}""".formatted(job, text));
    }

    /** As many different log lines of the build. */
    public static List<EventDraft> lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> line(BUILD, "line " + n))
                .toList();
    }

    public static Event event(long id, String job, String name) {
        return draft(job, name).at(id);
    }

    /** Log lines of the build with these ids. */
    public static List<Event> events(long firstId, long lastId) {
        return LongStream.rangeClosed(firstId, lastId)
                .mapToObj(id -> event(id, BUILD, "log.line"))
                .toList();
    }

    /** A filter by comma-separated globs, as in a query. */
    public static EventFilter named(String globs) {
        return new EventFilter(
                Set.of(), Arrays.stream(globs.split(",")).map(NameGlob::new).toList());
    }
}
