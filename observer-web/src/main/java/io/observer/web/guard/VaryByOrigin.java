package io.observer.web.guard;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;

/**
 * Says of every answer on HTTP/1.1 that another origin might have got another one, where any origin is let in: a cache
 * would otherwise hand a page what a program had asked for, without the headers that let the page read it.
 */
@Sharable
public final class VaryByOrigin extends ChannelOutboundHandlerAdapter {

    /** What an answer of WebFlux says by itself. */
    private static final List<CharSequence> VARY = List.of(
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD,
            HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);

    /** Watches what leaves a connection that was just made. */
    public void install(Channel channel) {
        ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
        if (codec != null) {
            channel.pipeline().addAfter(codec.name(), null, this);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse answer && !answer.headers().contains(HttpHeaderNames.VARY)) {
            answer.headers().set(HttpHeaderNames.VARY, VARY);
        }
        context.write(message, promise);
    }
}
