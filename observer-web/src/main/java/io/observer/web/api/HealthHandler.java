package io.observer.web.api;

import io.observer.log.EventLog;
import io.observer.web.Json;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /health} and its two probes. */
final class HealthHandler {

    private final EventLog log;

    HealthHandler(EventLog log) {
        this.log = log;
    }

    Mono<ServerResponse> health(ServerRequest request) {
        Accepts.json(request);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .bodyValue(Json.object(json -> {
                    json.writeStringProperty("status", "UP");
                    json.writeStringProperty("backend", log.backend());
                    json.writeStringProperty("durability", log.durability());
                    json.writeStringProperty("epoch", log.epoch());
                    json.writeNumberProperty("last_id", log.bounds().lastId());
                    json.writeArrayPropertyStart("degraded");
                    json.writeEndArray();
                }));
    }
}
