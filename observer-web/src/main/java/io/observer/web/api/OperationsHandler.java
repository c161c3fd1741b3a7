package io.observer.web.api;

import io.observer.operation.FailureCluster;
import io.observer.operation.ObservedOp;
import io.observer.operation.OperationDigest;
import io.observer.operation.OperationJson;
import io.observer.operation.OperationRefusedException;
import io.observer.operation.OperationStore;
import io.observer.operation.OperationTotals;
import io.observer.operation.StatsSnapshot;
import io.observer.web.http.Accepts;
import io.observer.web.http.Json;
import io.observer.web.http.Problem;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

/** Observed operations: {@code POST /v1/observer/event}, and what is known of those recorded. */
public final class OperationsHandler {

    private final OperationStore store;
    private final OperationJson operationJson;

    public OperationsHandler(OperationStore store, OperationJson operationJson) {
        this.store = store;
        this.operationJson = operationJson;
    }

    Mono<ServerResponse> record(ServerRequest request) {
        Accepts.json(request);
        if (RequestBody.type(request)
                .filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                .isEmpty()) {
            throw wrongType();
        }
        return RequestBody.bytes(request, OperationJson.MAX_BYTES, "one operation may have at most 256 KiB")
                .map(operationJson::parse)
                .flatMap(store::record)
                .onErrorMap(OperationRefusedException.class, OperationsHandler::problemOf)
                .flatMap(OperationsHandler::created);
    }

    Mono<ServerResponse> stats(ServerRequest request) {
        StatsSnapshot stats = store.stats();
        return answer(request, Json.object(json -> {
            json.writeNumberProperty("total", stats.total());
            json.writeNumberProperty("successes", stats.successes());
            json.writeNumberProperty("failures", stats.failures());
            json.writeObjectPropertyStart("by_source");
            stats.bySource().forEach((source, count) -> json.writeNumberProperty(source, count));
            json.writeEndObject();
            json.writeArrayPropertyStart("recent_scenario_ops");
            stats.recentScenarioOps().forEach(op -> write(json, op));
            json.writeEndArray();
            write(json, stats.lifetime());
        }));
    }

    Mono<ServerResponse> clusters(ServerRequest request) {
        List<FailureCluster> clusters = store.clusters();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write('[');
        for (FailureCluster cluster : clusters) {
            if (body.size() > 1) {
                body.write(',');
            }
            body.writeBytes(cluster.json());
        }
        body.write(']');
        return answer(request, body.toByteArray());
    }

    Mono<ServerResponse> health(ServerRequest request) {
        return answer(request, Json.object(json -> json.writeStringProperty("status", "UP")));
    }

    private static void write(JsonGenerator json, OperationDigest op) {
        json.writeStartObject();
        json.writeStringProperty("ts", op.timestamp());
        json.writeBooleanProperty("ok", op.success());
        json.writeStringProperty("staffer", op.stafferId());
        json.writeStringProperty("kind", op.eventKind());
        json.writeStringProperty("role", op.role());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, OperationTotals lifetime) {
        json.writeNumberProperty("lifetime_total", lifetime.total());
        json.writeNumberProperty("lifetime_successes", lifetime.successes());
        json.writeNumberProperty("lifetime_failures", lifetime.failures());
        json.writeObjectPropertyStart("lifetime_by_source");
        lifetime.bySource().forEach((source, count) -> json.writeNumberProperty(source, count));
        json.writeEndObject();
    }

    private static Mono<ServerResponse> answer(ServerRequest request, byte[] body) {
        Accepts.json(request);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .bodyValue(body);
    }

    private static Mono<ServerResponse> created(ObservedOp stored) {
        return ServerResponse.status(HttpStatus.CREATED)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(stored.json());
    }

    private static Problem wrongType() {
        return Problem.of(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "send Content-Type application/json (one operation), in UTF-8")
                .with("Accept-Post", MediaType.APPLICATION_JSON_VALUE);
    }

    private static Problem problemOf(OperationRefusedException refused) {
        String reason = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case FULL -> Problem.tryLater(reason + "; try again");
            case CLOSED -> Problem.tryLater("the server is shutting down; try again");
            case STORAGE -> Problem.of(HttpStatus.INSUFFICIENT_STORAGE, reason + "; try again when that is mended");
        };
    }
}
