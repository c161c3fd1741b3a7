package io.observer.web.api;

import io.observer.event.Cursor;
import io.observer.event.EventFilter;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import io.observer.log.LogPosition;
import io.observer.log.PageLimit;
import io.observer.web.http.PageBody;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Pages of the log, oldest first, by whichever route they are asked for. */
public final class Pages {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final EventLog log;
    private final JobDirectory jobs;

    public Pages(EventLog log, JobDirectory jobs) {
        this.log = log;
        this.jobs = jobs;
    }

    /** The page that {@code query} asks for; throws a {@link Problem} if it asks for none. */
    public Mono<PageBody> page(Query query) {
        return page(query, query.filter());
    }

    /** The same of one job, which has to be known. */
    Mono<PageBody> pageOfJob(String name, Query query) {
        String job = Query.jobName(name);
        EventFilter filter = query.filterOf(job);
        if (jobs.find(job).isEmpty()) {
            throw Problem.notFound("no event of this job was ever seen");
        }
        return page(query, filter);
    }

    private Mono<PageBody> page(Query query, EventFilter filter) {
        int limit = query.number("limit", 0, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        Optional<Cursor> since = query.since().flatMap(Function.identity());
        boolean ahead = since.filter(cursor ->
                        cursor.isOf(log.epoch()) && cursor.id() > log.bounds().lastId())
                .isPresent();
        // Another server may have stored what this one has yet to hear of.
        return ahead
                ? log.reach(since.get()).then(Mono.defer(() -> page(since, filter, limit)))
                : page(since, filter, limit);
    }

    private Mono<PageBody> page(Optional<Cursor> since, EventFilter filter, int limit) {
        LogPosition from = since.map(cursor -> LogPosition.of(cursor, log)).orElseGet(() -> LogPosition.earliest(log));
        return log.read(from.after(), filter, PageLimit.of(limit)).map(page -> PageBody.of(page, from.gap(), log));
    }
}
