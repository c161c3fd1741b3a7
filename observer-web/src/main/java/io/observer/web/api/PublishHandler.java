package io.observer.web.api;

import io.observer.web.http.Accepts;
import io.observer.web.http.Problem;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/events}: a body is stored whole, or refused whole without any effect. */
final class PublishHandler {

    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");

    private final Publishing publishing;

    PublishHandler(Publishing publishing) {
        this.publishing = publishing;
    }

    Mono<ServerResponse> publish(ServerRequest request) {
        Accepts.json(request);
        boolean lines = isNdjson(request);
        int maxBytes = Publishing.maxBytes(lines);
        return RequestBody.bytes(request, maxBytes, "the body may have at most " + maxBytes + " bytes; send several")
                .flatMap(body -> publishing.publish(body, lines))
                .flatMap(answer -> ServerResponse.status(HttpStatus.CREATED)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(answer));
    }

    private static boolean isNdjson(ServerRequest request) {
        MediaType type = RequestBody.type(request).orElseThrow(PublishHandler::wrongType);
        if (type.equalsTypeAndSubtype(NDJSON)) {
            return true;
        }
        if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
            return false;
        }
        throw wrongType();
    }

    private static Problem wrongType() {
        return Problem.of(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "send Content-Type application/json (one event or an array) or application/x-ndjson (one event a"
                                + " line), in UTF-8")
                .with("Accept-Post", "application/json, application/x-ndjson");
    }
}
