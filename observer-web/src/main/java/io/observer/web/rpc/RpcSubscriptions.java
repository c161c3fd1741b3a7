package io.observer.web.rpc;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.StreamRequest;
import io.observer.web.push.FrameChannel;
import io.observer.web.push.PushedStream;
import io.observer.web.push.StreamLoop;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Opens subscriptions, which end with their connection or with the server. On the event loop that all share. */
final class RpcSubscriptions {

    private final DaemonEventBridge bridge;
    private final RpcFrames frames;
    private final RpcMetrics metrics;
    private final StreamLoop loop;
    private final Duration stall;
    private final int most;

    /**
     * @param loop of all connections
     * @param most how many streams may be open, those of browsers included
     */
    RpcSubscriptions(
            DaemonEventBridge bridge,
            RpcFrames frames,
            RpcMetrics metrics,
            EventLoop loop,
            Duration linger,
            Duration stall,
            int most) {
        this.bridge = bridge;
        this.frames = frames;
        this.metrics = metrics;
        this.loop = new StreamLoop(loop, linger);
        this.stall = stall;
        this.most = most;
    }

    /**
     * Begins a subscription.
     *
     * @return what ends it
     * @throws RpcException if the parameters ask for something impossible, or all streams are taken
     */
    Disposable open(ChannelHandlerContext context, RpcParams params) {
        StreamRequest request = RpcMethods.stream(params);
        if (bridge.openStreams() >= most) {
            throw RpcException.exhausted("all streams are taken; try again later");
        }
        FrameChannel channel = FrameChannel.of(context);
        metrics.subscribed();
        return Mono.<Void>create(ended -> {
                    PushedStream stream = new PushedStream(
                            channel,
                            wake -> bridge.open(request, wake),
                            frames.of(request.lossless()),
                            loop,
                            stall,
                            ended);
                    ended.onDispose(() -> context.executor().execute(stream::close));
                    stream.start();
                })
                .doFinally(end -> metrics.unsubscribed())
                .subscribe(
                        nothing -> {},
                        failure -> context.pipeline().fireExceptionCaught(failure),
                        () -> closeAfterwards(context));
    }

    private static void closeAfterwards(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
