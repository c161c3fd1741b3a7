package io.observer.web.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observer.web.http.Accepts;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /metrics}: Prometheus text. */
final class MetricsHandler {

    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

    private final PrometheusMeterRegistry registry;

    MetricsHandler(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    Mono<ServerResponse> scrape(ServerRequest request) {
        Accepts.require(request, TEXT);
        return ServerResponse.ok().contentType(TEXT).bodyValue(registry.scrape());
    }
}
