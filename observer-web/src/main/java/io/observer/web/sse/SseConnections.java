package io.observer.web.sse;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpVersion;
import io.observer.log.EventLog;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.StreamRequest;
import io.observer.web.push.FrameChannel;
import io.observer.web.push.PushedStream;
import io.observer.web.push.StreamLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerResponse;

/** Writes streams to their clients: each is polled, encoded and written on its channel's own event loop. */
public final class SseConnections {

    private final DaemonEventBridge bridge;
    private final SseFrames frames;
    private final Duration stall;
    private final Duration linger;
    private final ConcurrentMap<EventLoop, StreamLoop> loops = new ConcurrentHashMap<>();
    private final ConcurrentMap<PushedStream, Channel> open = new ConcurrentHashMap<>();

    /**
     * @param stall how long a client may take nothing while something waits for it
     * @param linger how far apart live events leave at most, while they come one after another
     */
    public SseConnections(
            DaemonEventBridge bridge, EventLog log, String version, Clock clock, Duration stall, Duration linger) {
        this.bridge = bridge;
        this.frames = new SseFrames(log, version, clock);
        this.stall = stall;
        this.linger = linger;
    }

    /** Closes the connections of all streams that are still open, whatever waits in them. */
    public void closeAll() {
        open.values().forEach(Channel::close);
    }

    /** Writes head and frames until the stream or its client ends. */
    Mono<Void> write(ServerHttpResponse response, StreamRequest request, SseFormat format) {
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(response);
        // Applies status and headers without writing anything; the frames below bring the head with them.
        return response.setComplete().then(Mono.defer(() -> write(client, request, format)));
    }

    /** Writes frames behind a head of HTTP/1.1 until the stream ends or its connection is cancelled; on its loop. */
    Mono<Void> write(Channel channel, StreamRequest request, SseFormat format) {
        return Mono.create(ended -> serve(channel, HttpVersion.HTTP_1_1, request, format, ended));
    }

    private Mono<Void> write(HttpServerResponse client, StreamRequest request, SseFormat format) {
        if (HttpVersion.HTTP_1_0.equals(client.version())) {
            // Which knows no chunks: there the end of the connection is the end of the stream.
            client.chunkedTransfer(false);
        }
        Mono<Channel> channel = Mono.create(found -> client.withConnection(c -> found.success(c.channel())));
        return client.sendHeaders()
                .then()
                .then(channel)
                .flatMap(c -> Mono.create(
                        ended -> c.eventLoop().execute(() -> serve(c, client.version(), request, format, ended))));
    }

    private void serve(
            Channel channel, HttpVersion version, StreamRequest request, SseFormat format, MonoSink<Void> ended) {
        StreamLoop loop = loops.computeIfAbsent(channel.eventLoop(), each -> new StreamLoop(each, linger));
        FrameChannel frameChannel = FrameChannel.of(channel, version);
        PushedStream stream = new PushedStream(
                frameChannel,
                wake -> bridge.open(request, wake),
                (item, out) -> frames.write(item, format, out),
                loop,
                stall,
                ended);
        open.put(stream, channel);
        ended.onDispose(() -> {
            open.remove(stream);
            channel.eventLoop().execute(stream::close);
        });
        stream.start();
    }
}
