package io.observer.web.api;

import io.observer.event.Echo;
import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import io.observer.recorder.ObserverRecorder;
import io.observer.recorder.Registered;
import io.observer.recorder.RegistrationConflictException;
import io.observer.recorder.RegistrationStorageException;
import io.observer.recorder.WorkspaceRefusedException;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code PUT} and {@code DELETE /v1/jobs/{job}}: which jobs are recorded. */
final class RegistrationHandler {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_PATH_BYTES = 4_096;
    private static final String WORKSPACE = "workspace";

    private final ObserverRecorder recorder;

    RegistrationHandler(ObserverRecorder recorder) {
        this.recorder = recorder;
    }

    Mono<ServerResponse> register(ServerRequest request) {
        Accepts.json(request);
        String job = Query.jobName(request.pathVariable("job"));
        return RequestBody.bytes(request, MAX_BODY_BYTES, "the body may have at most 64 KiB")
                .map(body -> workspaceIn(request, body))
                .flatMap(workspace -> recorder.register(job, workspace.orElse(null)))
                .onErrorMap(RegistrationHandler::inWords)
                .flatMap(registered -> ServerResponse.status(registered.first() ? HttpStatus.CREATED : HttpStatus.OK)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(body(registered)));
    }

    Mono<ServerResponse> unregister(ServerRequest request) {
        String job = Query.jobName(request.pathVariable("job"));
        return recorder.unregister(job)
                .onErrorMap(RegistrationHandler::inWords)
                .flatMap(was -> was
                        ? ServerResponse.noContent().build()
                        : Mono.error(Problem.notFound("this job is not being recorded")));
    }

    private static Optional<Path> workspaceIn(ServerRequest request, byte[] body) {
        if (body.length == 0) {
            return Optional.empty();
        }
        if (RequestBody.type(request)
                .filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                .isEmpty()) {
            throw Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "send Content-Type application/json with {\"workspace\":\"/absolute/path\"}, or no body");
        }
        Optional<Path> workspace = Optional.empty();
        for (JsonMember member : JsonText.members(body)) {
            if (!member.name().equals(WORKSPACE)) {
                throw Problem.badRequest("'" + Echo.of(member.name()) + "' is unknown; the only member is workspace");
            }
            if (member.kind() != JsonMember.Kind.STRING) {
                throw Problem.badRequest("'workspace' must be a string; leave it out for a job without a timeline");
            }
            workspace = Optional.of(pathOf(member.text()));
        }
        return workspace;
    }

    private static Path pathOf(String text) {
        try {
            if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES) {
                Path path = Path.of(text);
                if (path.isAbsolute()) {
                    return path;
                }
            }
        } catch (InvalidPathException impossible) {
            if (text.startsWith("/") && text.indexOf('\0') < 0) {
                throw Problem.badRequest("'workspace' is '" + Echo.of(text)
                        + "', which the locale of this server cannot name; start it with a UTF-8 one, such as"
                        + " LC_ALL=C.UTF-8");
            }
        }
        throw Problem.badRequest("'workspace' is '" + Echo.of(text)
                + "' but must be the absolute path of a directory, of at most 4096 bytes");
    }

    private static Throwable inWords(Throwable failure) {
        String detail = String.valueOf(failure.getMessage());
        if (failure instanceof WorkspaceRefusedException) {
            return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, detail);
        }
        if (failure instanceof RegistrationConflictException) {
            return Problem.of(HttpStatus.CONFLICT, detail);
        }
        if (failure instanceof RegistrationStorageException) {
            return Problem.of(HttpStatus.INSUFFICIENT_STORAGE, detail + "; try again when that is mended");
        }
        return failure;
    }

    private static byte[] body(Registered registered) {
        return Json.object(json -> {
            json.writeStringProperty("job_id", registered.jobId());
            json.writeBooleanProperty("recording", true);
            Path workspace = registered.workspace();
            json.writeStringProperty(WORKSPACE, workspace == null ? null : workspace.toString());
        });
    }
}
