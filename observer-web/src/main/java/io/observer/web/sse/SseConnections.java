package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.observer.bus.PullFlux;
import io.observer.log.EventLog;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.StreamRequest;
import java.time.Clock;
import java.time.Duration;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;

/** Writes streams to their clients: each is polled, encoded and written on its channel's own event loop. */
public final class SseConnections {

    private final DaemonEventBridge bridge;
    private final SseFrames frames;
    private final Duration stall;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /** @param stall how long a client may take nothing while something waits for it */
    public SseConnections(DaemonEventBridge bridge, EventLog log, String version, Clock clock, Duration stall) {
        this.bridge = bridge;
        this.frames = new SseFrames(log, version, clock);
        this.stall = stall;
    }

    /** Closes the connections of all streams that are still open, whatever waits in them. */
    public void closeAll() {
        open.close();
    }

    /** Writes head and frames until the stream or its client ends. */
    Mono<Void> write(ServerHttpResponse response, StreamRequest request, SseFormat format) {
        HttpServerResponse client = ServerHttpResponseDecorator.getNativeResponse(response);
        // Applies status and headers without writing anything; the frames below bring the head with them.
        return response.setComplete().then(Mono.defer(() -> send(client, request, format)));
    }

    private Mono<Void> send(HttpServerResponse client, StreamRequest request, SseFormat format) {
        if (HttpVersion.HTTP_1_0.equals(client.version())) {
            // Which knows no chunks: there the end of the connection is the end of the stream.
            client.chunkedTransfer(false);
        }
        Mono<Channel> channel = Mono.create(found -> client.withConnection(c -> found.success(c.channel())));
        return channel.flatMap(
                c -> client.send(frames(c, request, format), each -> true).then());
    }

    private Flux<ByteBuf> frames(Channel channel, StreamRequest request, SseFormat format) {
        Scheduler eventLoop = Schedulers.fromExecutor(channel.eventLoop());
        return PullFlux.<ByteBuf>of(ready -> open(channel, request, format, ready), eventLoop)
                .doOnSubscribe(subscribed -> open.add(channel))
                .doFinally(end -> open.remove(channel));
    }

    private SseSource open(Channel channel, StreamRequest request, SseFormat format, Runnable ready) {
        WriteGate gate = WriteGate.on(channel, ready, stall);
        return new SseSource(bridge.open(request, ready), frames, format, gate);
    }
}
