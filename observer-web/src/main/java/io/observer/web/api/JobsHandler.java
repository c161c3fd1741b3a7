package io.observer.web.api;

import io.observer.job.JobDirectory;
import io.observer.job.JobSummary;
import io.observer.recorder.ObserverRecorder;
import io.observer.recorder.Registered;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

/** {@code GET /v1/jobs} and {@code GET /v1/jobs/{job}}. */
final class JobsHandler {

    private final JobDirectory jobs;
    private final ObserverRecorder recorder;

    JobsHandler(JobDirectory jobs, ObserverRecorder recorder) {
        this.jobs = jobs;
        this.recorder = recorder;
    }

    Mono<ServerResponse> all(ServerRequest request) {
        Accepts.json(request);
        return answer(Json.write(json -> {
            json.writeStartArray();
            jobs.list().forEach(job -> write(json, job));
            json.writeEndArray();
        }));
    }

    Mono<ServerResponse> one(ServerRequest request) {
        Accepts.json(request);
        return jobs.find(Query.jobName(request.pathVariable("job")))
                .map(job -> answer(Json.write(json -> write(json, job))))
                .orElseThrow(() -> Problem.notFound("no event of this job was ever seen"));
    }

    private static Mono<ServerResponse> answer(byte[] body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }

    private void write(JsonGenerator json, JobSummary job) {
        json.writeStartObject();
        json.writeStringProperty("job_id", job.jobId());
        json.writeStringProperty("state", job.state().wireName());
        json.writeNumberProperty("events", job.events());
        Json.seconds(json, "first_timestamp", job.firstTimestamp());
        Json.seconds(json, "last_timestamp", job.lastTimestamp());
        json.writeStringProperty("last_event", job.lastEvent());
        json.writeNumberProperty("last_id", job.lastId());
        Optional<Registered> recording = recorder.registered(job.jobId());
        json.writeBooleanProperty("recording", recording.isPresent());
        json.writeStringProperty(
                "workspace",
                recording.map(Registered::workspace).map(Path::toString).orElse(null));
        json.writeEndObject();
    }
}
