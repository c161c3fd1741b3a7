package io.observer.web.sse;

import io.observer.event.EventFilter;
import io.observer.stream.StreamRequest;
import io.observer.stream.StreamStart;
import io.observer.web.http.Query;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a URL asks for it.
 *
 * @param request what is wanted
 * @param format how it is to look
 */
public record StreamQuery(StreamRequest request, SseFormat format) {

    private static final int MAX_LAST = 1_000;
    private static final int MAX_HEARTBEAT_SECONDS = 300;

    /**
     * @param lastEventIds the header of that name, as often as it was sent
     * @param job the job of a job's stream, or null for all jobs
     */
    static StreamQuery of(Query query, List<String> lastEventIds, @Nullable String job, Duration defaultHeartbeat) {
        EventFilter filter = job == null ? query.filter() : query.filterOf(job);
        Duration heartbeat = query.number("heartbeat", 1, MAX_HEARTBEAT_SECONDS)
                .map(Duration::ofSeconds)
                .orElse(defaultHeartbeat);
        boolean follow = query.is("follow", "true", "false");
        boolean names = !query.is("names", "off", "on");
        StreamStart start = start(lastEventIds, query);
        return new StreamQuery(
                new StreamRequest(filter, job, start, follow, heartbeat, false), new SseFormat(names, heartbeat));
    }

    private static StreamStart start(List<String> lastEventIds, Query query) {
        Optional<StreamStart> since = query.since()
                .map(cursor -> cursor.<StreamStart>map(StreamStart.After::new).orElseGet(StreamStart.Earliest::new));
        Optional<StreamStart> last = query.number("last", 0, MAX_LAST).map(StreamStart.Last::new);
        return lastEventId(lastEventIds, query)
                .<StreamStart>map(StreamStart.Resume::new)
                .or(() -> since)
                .or(() -> last)
                .orElseGet(StreamStart.Next::new);
    }

    /** The id that a reader came back with; one sent twice or otherwise odd is still an id, if a bad one. */
    private static Optional<String> lastEventId(List<String> header, Query query) {
        return Stream.of(header, query.texts("last_event_id"), query.texts("lastEventId"))
                .map(values -> String.join(",", values))
                .filter(id -> !id.isEmpty())
                .findFirst();
    }
}
