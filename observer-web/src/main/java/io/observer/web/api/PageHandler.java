package io.observer.web.api;

import io.observer.event.EventFilter;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import io.observer.log.LogPosition;
import io.observer.log.PageLimit;
import io.observer.web.http.Accepts;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/events} and {@code GET /v1/jobs/{job}/events}: pages of the log, oldest first. */
final class PageHandler {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final EventLog log;
    private final JobDirectory jobs;

    PageHandler(EventLog log, JobDirectory jobs) {
        this.log = log;
        this.jobs = jobs;
    }

    Mono<ServerResponse> all(ServerRequest request) {
        Accepts.json(request);
        return answer(page(new Query(request.queryParams())));
    }

    Mono<ServerResponse> ofJob(ServerRequest request) {
        Accepts.json(request);
        return answer(pageOfJob(request.pathVariable("job"), new Query(request.queryParams())));
    }

    /** The page that {@code query} asks for. */
    Mono<PageBody> page(Query query) {
        return page(query, query.filter());
    }

    private Mono<PageBody> pageOfJob(String name, Query query) {
        String job = Query.jobName(name);
        EventFilter filter = query.filterOf(job);
        if (jobs.find(job).isEmpty()) {
            throw Problem.notFound("no event of this job was ever seen");
        }
        return page(query, filter);
    }

    private Mono<PageBody> page(Query query, EventFilter filter) {
        int limit = query.number("limit", 0, MAX_LIMIT).orElse(DEFAULT_LIMIT);
        LogPosition from = query.since()
                .map(since ->
                        since.map(cursor -> LogPosition.of(cursor, log)).orElseGet(() -> LogPosition.earliest(log)))
                .orElseGet(() -> LogPosition.earliest(log));
        return log.read(from.after(), filter, PageLimit.of(limit)).map(page -> PageBody.of(page, from.gap(), log));
    }

    private static Mono<ServerResponse> answer(Mono<PageBody> page) {
        return page.flatMap(body ->
                ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body.bytes()));
    }
}
