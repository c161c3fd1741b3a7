package io.observer.web.express;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.observer.web.api.Pages;
import io.observer.web.api.Publishing;
import io.observer.web.guard.AllowedNames;
import io.observer.web.guard.BodyBudget;
import io.observer.web.sse.StreamHandler;
import io.observer.web.sse.StreamQuery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What connections need to serve {@link PlainRequests plain requests} by themselves. */
public final class Express {

    private final PlainRequests plain;
    private final BodyBudget bodies;
    private final Publishing publishing;
    private final Pages pages;
    private final StreamHandler streams;
    private final Duration idleTimeout;

    /**
     * @param hosts names that {@code Host} may have
     * @param bodies what bodies may take while they are on their way
     * @param idleTimeout after which the server closes a connection on which nothing is asked
     */
    public Express(
            AllowedNames hosts,
            BodyBudget bodies,
            Publishing publishing,
            Pages pages,
            StreamHandler streams,
            Duration idleTimeout) {
        this.plain = new PlainRequests(hosts);
        this.bodies = bodies;
        this.publishing = publishing;
        this.pages = pages;
        this.streams = streams;
        this.idleTimeout = idleTimeout;
    }

    /** Serves a connection that was just made, right behind its HTTP/1.1 codec. */
    public void install(Channel channel) {
        ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
        if (codec != null) {
            channel.pipeline().addAfter(codec.name(), null, new ExpressConnection(this));
        }
    }

    /** What is to be served here, and nothing of its body yet; null if it is to be served elsewhere. */
    @Nullable
    ReceivedRequest read(HttpRequest head) {
        ExpressRequest request = plain.read(head);
        if (request == null || (request instanceof ExpressRequest.Stream && !streams.hasRoom())) {
            return null;
        }
        return new ReceivedRequest(request, bodies.body());
    }

    Mono<FullHttpResponse> publish(ExpressRequest.Publish request, byte[] body) {
        return Mono.defer(() -> publishing.publish(body, request.lines())).map(ExpressAnswers::created);
    }

    Mono<FullHttpResponse> page(ExpressRequest.Page request, ByteBufAllocator alloc) {
        return Mono.defer(() -> pages.page(request.query())).map(page -> ExpressAnswers.page(page, alloc));
    }

    /** The stream that is asked for; empty if its reader has heard all there will be. */
    Mono<StreamQuery> find(ExpressRequest.Stream request) {
        return Mono.defer(() -> streams.find(request.query(), request.lastEventIds(), request.job()));
    }

    Mono<Void> write(Channel channel, StreamQuery query) {
        return streams.write(channel, query);
    }

    Duration idleTimeout() {
        return idleTimeout;
    }
}
