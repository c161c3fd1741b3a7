package io.observer.web.api;

import io.observer.event.Event;
import io.observer.job.JobDirectory;
import io.observer.recorder.ObserverRecorder;
import io.observer.web.http.Accepts;
import io.observer.web.http.Query;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/jobs/{job}/observer} and {@code GET /v1/observer/recent}: what was observed, newest first. */
final class HistoryHandler {

    private static final int MAX_LIMIT = 200;
    private static final int DEFAULT_OF_JOB = 20;
    private static final int DEFAULT_OF_ALL = 50;

    private final ObserverRecorder recorder;
    private final JobDirectory jobs;
    private final EarlierHistory earlier;

    HistoryHandler(ObserverRecorder recorder, JobDirectory jobs, EarlierHistory earlier) {
        this.jobs = jobs;
        this.recorder = recorder;
        this.earlier = earlier;
    }

    Mono<ServerResponse> ofJob(ServerRequest request) {
        Accepts.json(request);
        String job = Query.jobName(request.pathVariable("job"));
        int limit = limit(request, DEFAULT_OF_JOB);
        return answer(json(recorder.recent(job, limit))
                .filter(events -> !events.isEmpty() || isKnown(job))
                .switchIfEmpty(Mono.defer(() -> earlier.ofJob(job, limit))));
    }

    /** Whether this server's own word is the last, even if it has nothing to tell. */
    private boolean isKnown(String job) {
        return jobs.find(job).isPresent() || recorder.registered(job).isPresent();
    }

    Mono<ServerResponse> ofAll(ServerRequest request) {
        Accepts.json(request);
        return answer(json(recorder.recent(limit(request, DEFAULT_OF_ALL))));
    }

    private static int limit(ServerRequest request, int usual) {
        return new Query(request.queryParams()).number("limit", 1, MAX_LIMIT).orElse(usual);
    }

    private static Mono<List<byte[]>> json(Mono<List<Event>> events) {
        return events.map(found -> found.stream().map(Event::json).toList());
    }

    private static Mono<ServerResponse> answer(Mono<List<byte[]>> events) {
        return events.map(HistoryHandler::array)
                .flatMap(body -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body));
    }

    private static byte[] array(List<byte[]> events) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        array.write('[');
        for (byte[] event : events) {
            if (array.size() > 1) {
                array.write(',');
            }
            array.writeBytes(event);
        }
        array.write(']');
        return array.toByteArray();
    }
}
