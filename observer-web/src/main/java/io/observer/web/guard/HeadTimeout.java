package io.observer.web.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.observer.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Ends a connection on which a request's head has begun but is not complete in time, so that a client which sends a byte
 * now and then cannot hold it for ever. A connection that waits between requests is left to the idle timeout.
 */
public final class HeadTimeout extends ChannelInboundHandlerAdapter {

    private static final byte[] ANSWER = answer();

    private final Duration limit;
    private final RequestCount requests = new RequestCount();
    private final CodecInput input = new CodecInput();
    private final Http2Heads http2Heads = new Http2Heads();
    private boolean http2;
    private @Nullable Future<?> timer;

    /** Where bytes can be written as they are. */
    private @Nullable ChannelHandlerContext beforeCodec;

    /** Whether anything has come behind the newest request that is complete. */
    private boolean begun;

    private HeadTimeout(Duration limit) {
        this.limit = limit;
    }

    /** Watches a connection that was just made: its bytes before the codec, its messages behind it. */
    public static void install(Channel channel, Duration limit) {
        ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
        if (codec != null) {
            HeadTimeout timeout = new HeadTimeout(limit);
            channel.pipeline().addFirst(timeout).addAfter(codec.name(), null, timeout.new Messages());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        beforeCodec = context;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        beforeCodec = null;
        cancel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        http2Heads.follow((ByteBuf) bytes);
        if (http2) {
            context.fireChannelRead(bytes);
            watchHttp2(context);
            return;
        }
        begun = true;
        input.pass(context, (ByteBuf) bytes);
        watch();
        if (context.pipeline().context(HttpServerCodec.class) == null) {
            becomeHttp2(context);
        }
    }

    /** From the first byte on or, after an offer to go on with HTTP/2, from the next. */
    private void becomeHttp2(ChannelHandlerContext context) {
        http2 = true;
        begun = false;
        cancel();
        if (!http2Heads.isFollowing()) {
            http2Heads.restart();
        }
        watchHttp2(context);
    }

    /** A head of HTTP/2 has nobody to be answered yet, so its time ends with the connection. */
    private void watchHttp2(ChannelHandlerContext context) {
        if (!http2Heads.isInHead()) {
            cancel();
        } else if (timer == null) {
            timer = context.executor().schedule(() -> context.close(), limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    /** A head has its time from its first byte on, or from when all before it is answered. */
    private void watch() {
        ChannelHandlerContext context = beforeCodec;
        if (context != null && begun && requests.open() == 0 && timer == null) {
            timer = context.executor().schedule(() -> expire(context), limit.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private static void expire(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(ChannelFutureListener.CLOSE);
    }

    private static byte[] answer() {
        String body = new String(
                Problem.of(HttpStatus.REQUEST_TIMEOUT, "the head of the request was not there in time; send it at once")
                        .body(),
                StandardCharsets.US_ASCII);
        String head = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                + "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** Sees heads that are complete, and answers. */
    private final class Messages extends ChannelDuplexHandler {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            requests.received(message);
            if (message instanceof HttpRequest) {
                cancel();
                begun = false;
            }
            if (message instanceof LastHttpContent) {
                begun = input.hasMore();
                if (begun) {
                    watch();
                } else {
                    cancel();
                }
            }
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            requests.sending(message);
            watch();
            context.write(message, promise);
        }
    }
}
