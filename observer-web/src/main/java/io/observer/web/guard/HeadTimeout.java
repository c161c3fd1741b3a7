package io.observer.web.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose first request has no complete head in time, so that a client which sends a byte now and then
 * cannot hold it for ever. Works on the bytes, below HTTP/1.1 and HTTP/2, and leaves once the head is there.
 */
public final class HeadTimeout extends ChannelInboundHandlerAdapter {

    private static final byte[] ANSWER = answer();

    private final Duration limit;
    private @Nullable Future<?> timer;
    private int lineBreaks;

    private HeadTimeout(Duration limit) {
        this.limit = limit;
    }

    /** Watches a connection that was just made. */
    public static void install(Channel channel, Duration limit) {
        channel.pipeline().addFirst(new HeadTimeout(limit));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer = context.executor().schedule(() -> expire(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && endsHead(bytes)) {
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
        context.fireChannelInactive();
    }

    /** A head ends with an empty line. */
    private boolean endsHead(ByteBuf bytes) {
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            byte b = bytes.getByte(i);
            if (b == '\n' && ++lineBreaks == 2) {
                return true;
            }
            if (b != '\n' && b != '\r') {
                lineBreaks = 0;
            }
        }
        return false;
    }

    private static void expire(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(ChannelFutureListener.CLOSE);
    }

    private static byte[] answer() {
        String body = "{\"type\":\"about:blank\",\"title\":\"Request Timeout\",\"status\":408,"
                + "\"detail\":\"the head of the request was not there within 10 seconds; send it at once\"}";
        String head = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                + "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
