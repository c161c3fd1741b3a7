package io.observer.web.sse;

import io.observer.stream.DaemonEventBridge;
import io.observer.web.http.Accepts;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/events/stream} and {@code GET /v1/jobs/{job}/events/stream}. */
public final class StreamHandler {

    private final DaemonEventBridge bridge;
    private final SseConnections connections;
    private final int maxStreams;
    private final Duration heartbeat;

    /**
     * @param maxStreams streams open at once
     * @param heartbeat how long a stream may be silent unless its reader asks otherwise
     */
    public StreamHandler(DaemonEventBridge bridge, SseConnections connections, int maxStreams, Duration heartbeat) {
        this.bridge = bridge;
        this.connections = connections;
        this.maxStreams = maxStreams;
        this.heartbeat = heartbeat;
    }

    /** The stream of all jobs. */
    public Mono<ServerResponse> all(ServerRequest request) {
        return stream(request, null);
    }

    /** The stream of one job, which need not exist yet. */
    public Mono<ServerResponse> ofJob(ServerRequest request) {
        return stream(request, Query.jobName(request.pathVariable("job")));
    }

    private Mono<ServerResponse> stream(ServerRequest request, @Nullable String job) {
        Accepts.require(request, MediaType.TEXT_EVENT_STREAM);
        StreamQuery query = StreamQuery.of(request, job, heartbeat);
        if (request.method() == HttpMethod.HEAD) {
            return head().build();
        }
        if (bridge.openStreams() >= maxStreams) {
            return busy(request);
        }
        return bridge.hasHeardAll(query.request())
                .flatMap(heardAll -> heardAll
                        ? ServerResponse.noContent().build()
                        : head().build((exchange, context) ->
                                connections.write(exchange.getResponse(), query.request(), query.format())));
    }

    /** A browser gives up for good on anything but a 200, so it is told to come back in the stream's own words. */
    private static Mono<ServerResponse> busy(ServerRequest request) {
        if (Accepts.names(request, MediaType.TEXT_EVENT_STREAM)) {
            return head().bodyValue(SseFrames.busy());
        }
        throw Problem.tryLater("all streams are taken; try again later, or raise observer.stream.max-connections");
    }

    private static ServerResponse.BodyBuilder head() {
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
                .header("X-Accel-Buffering", "no");
    }
}
