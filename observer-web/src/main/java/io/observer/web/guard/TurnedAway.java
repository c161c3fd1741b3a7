package io.observer.web.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.observer.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * All there is to a connection for which there is no room: it answers the first bytes that come, says nothing to anybody
 * behind it, and ends. Whoever wants a stream is told to come back in the stream's own words, as a browser gives up for
 * good on a 503.
 */
final class TurnedAway extends ChannelInboundHandlerAdapter {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private boolean answered;

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor().schedule(() -> context.close(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        try {
            if (!answered && bytes instanceof ByteBuf head) {
                answered = true;
                answer(context, head.toString(StandardCharsets.ISO_8859_1));
            }
        } finally {
            ReferenceCountUtil.release(bytes);
        }
    }

    /** Reads on, since closing over unread bytes would take the answer away from the client. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // Nobody behind has heard of it.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private static void answer(ChannelHandlerContext context, String head) {
        String answer = head.toLowerCase(Locale.ROOT).contains("text/event-stream") ? busy() : refusal();
        context.writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
                .addListener(written -> {
                    if (context.channel() instanceof DuplexChannel channel) {
                        channel.shutdownOutput();
                    }
                });
    }

    private static String busy() {
        int retry = ThreadLocalRandom.current().nextInt(10_000, 20_001);
        return answer(
                "200 OK",
                "Content-Type: text/event-stream\r\nCache-Control: no-cache, no-store, no-transform\r\n",
                "retry: " + retry + "\nevent: busy\ndata: {}\n\n");
    }

    private static String refusal() {
        Problem problem =
                Problem.tryLater("all connections are taken; try again later, or raise observer.http.max-connections");
        return answer(
                "503 Service Unavailable",
                "Content-Type: application/problem+json\r\nRetry-After: 1\r\n",
                new String(problem.body(), StandardCharsets.US_ASCII));
    }

    private static String answer(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "X-Content-Type-Options: nosniff\r\nConnection: close\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
