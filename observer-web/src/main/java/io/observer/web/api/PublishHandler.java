package io.observer.web.api;

import io.netty.channel.Channel;
import io.observer.event.Cursor;
import io.observer.event.EventJson;
import io.observer.event.ParsedBody;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import io.observer.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** {@code POST /v1/events}: a body is stored whole, or refused whole without any effect. */
final class PublishHandler {

    private static final MediaType NDJSON = MediaType.parseMediaType("application/x-ndjson");

    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);

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
        return bodyOf(request, maxBytes)
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
        MediaType type = contentType(request);
        if (type.equalsTypeAndSubtype(NDJSON)) {
            return true;
        }
        if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
            return false;
        }
        throw wrongType();
    }

    private static MediaType contentType(ServerRequest request) {
        if (request.headers().header(HttpHeaders.CONTENT_TYPE).size() > 1) {
            throw wrongType();
        }
        try {
            return request.headers()
                    .contentType()
                    .filter(type ->
                            type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8))
                    .orElseThrow(PublishHandler::wrongType);
        } catch (IllegalArgumentException unreadable) {
            throw wrongType();
        }
    }

    private static Problem wrongType() {
        return Problem.of(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "send Content-Type application/json (one event or an array) or application/x-ndjson (one event a"
                                + " line), in UTF-8")
                .with("Accept-Post", "application/json, application/x-ndjson");
    }

    private static Mono<byte[]> bodyOf(ServerRequest request, int maxBytes) {
        if (request.headers().contentLength().orElse(0) > maxBytes) {
            return Mono.error(Problem.of(
                    HttpStatus.CONTENT_TOO_LARGE, "the body may have at most " + maxBytes + " bytes; send several"));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), maxBytes)
                .doOnSubscribe(subscribed -> resumeReading(request))
                .map(PublishHandler::bytesOf)
                .defaultIfEmpty(new byte[0])
                .timeout(BODY_TIMEOUT, Mono.error(PublishHandler::tooSlow));
    }

    /**
     * Reactor Netty 1.3.7 stops reading a connection whose next request came before it was done with the last one: it
     * queues that request, hands it out, and never asks the channel for the rest of the body. So it is asked for here.
     */
    private static void resumeReading(ServerRequest request) {
        HttpServerResponse response =
                ServerHttpResponseDecorator.getNativeResponse(request.exchange().getResponse());
        response.withConnection(connection -> {
            Channel channel = connection.channel();
            channel.eventLoop().execute(channel::read);
        });
    }

    private static Problem tooSlow() {
        return Problem.of(HttpStatus.REQUEST_TIMEOUT, "the body was not there within 10 seconds; send it at once")
                .with(HttpHeaders.CONNECTION, "close");
    }

    private static byte[] bytesOf(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
