package io.observer.web.api;

import io.observer.event.Cursor;
import io.observer.event.EventJson;
import io.observer.event.ParsedBody;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import io.observer.web.http.Problem;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/events}: a body is stored whole, or refused whole without any effect. */
final class PublishHandler {

    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");

    private final EventLog log;
    private final EventJson eventJson;
    private final PublishMetrics metrics;

    PublishHandler(EventLog log, EventJson eventJson, PublishMetrics metrics) {
        this.log = log;
        this.eventJson = eventJson;
        this.metrics = metrics;
    }

    Mono<ServerResponse> publish(ServerRequest request) {
        Accepts.json(request);
        boolean lines = isNdjson(request);
        int maxBytes = lines ? EventJson.MAX_LINES_BYTES : EventJson.MAX_ARRAY_BYTES;
        return RequestBody.bytes(request, maxBytes, "the body may have at most " + maxBytes + " bytes; send several")
                .map(body -> lines ? eventJson.parseLines(body) : eventJson.parseJson(body))
                .flatMap(this::append);
    }

    private Mono<ServerResponse> append(ParsedBody body) {
        return metrics.time(log.append(body.drafts()), body.drafts().size())
                .map(appended -> body.batch() ? several(appended) : single(appended))
                .flatMap(answer -> ServerResponse.status(HttpStatus.CREATED)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(answer));
    }

    private byte[] single(Appended appended) {
        return Json.object(json -> {
            json.writeNumberProperty("id", appended.lastId());
            json.writeStringProperty("cursor", cursor(appended));
        });
    }

    private byte[] several(Appended appended) {
        return Json.object(json -> {
            json.writeNumberProperty("count", appended.count());
            json.writeNumberProperty("first_id", appended.firstId());
            json.writeNumberProperty("last_id", appended.lastId());
            json.writeStringProperty("cursor", cursor(appended));
        });
    }

    private String cursor(Appended appended) {
        return new Cursor(log.epoch(), appended.lastId()).toString();
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
