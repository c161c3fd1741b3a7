package io.observer.web.api;

import io.observer.log.EventLog;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /health} and its two probes. */
final class HealthHandler {

    private final EventLog log;
    private final List<FaultSource> parts;

    /** @param parts what may be in trouble while events still can be taken and read */
    HealthHandler(EventLog log, List<FaultSource> parts) {
        this.log = log;
        this.parts = List.copyOf(parts);
    }

    /** Whether events can be taken and read. */
    Mono<ServerResponse> health(ServerRequest request) {
        return answer(request, log.health().fault());
    }

    /** Whether the process answers at all; restarting it would not mend a full disk. */
    Mono<ServerResponse> liveness(ServerRequest request) {
        return answer(request, null);
    }

    private Mono<ServerResponse> answer(ServerRequest request, @Nullable String fault) {
        Accepts.json(request);
        return ServerResponse.status(fault == null ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .bodyValue(Json.object(json -> {
                    json.writeStringProperty("status", fault == null ? "UP" : "DOWN");
                    json.writeStringProperty("backend", log.backend());
                    json.writeStringProperty("durability", log.durability());
                    json.writeStringProperty("epoch", log.epoch());
                    json.writeNumberProperty("last_id", log.bounds().lastId());
                    json.writeArrayPropertyStart("degraded");
                    if (log.health().fault() != null) {
                        json.writeString(log.health().fault());
                    }
                    parts.forEach(part -> part.faults().forEach(json::writeString));
                    json.writeEndArray();
                }));
    }
}
