package io.observer.web.sse;

import io.netty.channel.Channel;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.http.Accepts;
import io.observer.web.http.Problem;
import io.observer.web.http.Query;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/events/stream} and {@code GET /v1/jobs/{job}/events/stream}. */
public final class StreamHandler {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final HttpHeaders HEAD = new HttpHeaders();

    static {
        HEAD.setContentType(MediaType.TEXT_EVENT_STREAM);
        HEAD.setCacheControl("no-cache, no-store, no-transform");
        HEAD.set("X-Accel-Buffering", "no");
    }

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

    /** Whether one more stream may be opened. */
    public boolean hasRoom() {
        return bridge.openStreams() < maxStreams;
    }

    /** The headers of every stream's answer. */
    public static HttpHeaders headers() {
        return HEAD;
    }

    /**
     * A stream that is asked for below WebFlux; empty if its reader has heard all there will be.
     *
     * @param lastEventIds the header of that name, as often as it was sent
     * @param job the job of a job's stream, or null for all jobs
     */
    public Mono<StreamQuery> find(Query parameters, List<String> lastEventIds, @Nullable String job) {
        String name = job == null ? null : Query.jobName(job);
        StreamQuery query = StreamQuery.of(parameters, lastEventIds, name, heartbeat);
        return bridge.hasHeardAll(query.request()).flatMap(heardAll -> heardAll ? Mono.empty() : Mono.just(query));
    }

    /** Writes the frames of a stream into a connection of HTTP/1.1 whose head is written; on its event loop. */
    public Mono<Void> write(Channel channel, StreamQuery query) {
        return connections.write(channel, query.request(), query.format());
    }

    private Mono<ServerResponse> stream(ServerRequest request, @Nullable String job) {
        Accepts.require(request, MediaType.TEXT_EVENT_STREAM);
        List<String> lastEventIds = request.headers().header(LAST_EVENT_ID);
        StreamQuery query = StreamQuery.of(new Query(request.queryParams()), lastEventIds, job, heartbeat);
        if (!hasRoom()) {
            return busy(request);
        }
        return bridge.hasHeardAll(query.request())
                .flatMap(heardAll -> heardAll ? ServerResponse.noContent().build() : answer(request, query));
    }

    private Mono<ServerResponse> answer(ServerRequest request, StreamQuery query) {
        return request.method() == HttpMethod.HEAD
                ? head().build()
                : head().build((exchange, context) ->
                        connections.write(exchange.getResponse(), query.request(), query.format()));
    }

    /** A browser gives up for good on anything but a 200, so it is told to come back in the stream's own words. */
    private static Mono<ServerResponse> busy(ServerRequest request) {
        if (Accepts.names(request, MediaType.TEXT_EVENT_STREAM)) {
            return head().bodyValue(SseFrames.busy());
        }
        throw Problem.tryLater("all streams are taken; try again later, or raise observer.stream.max-connections");
    }

    private static ServerResponse.BodyBuilder head() {
        return ServerResponse.ok().headers(headers -> headers.putAll(HEAD));
    }
}
