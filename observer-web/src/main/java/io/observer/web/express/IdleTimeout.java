package io.observer.web.express;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpConnectionLiveness;
import reactor.netty.http.IdleTimeoutHandler;

/**
 * The server's own timer that closes a connection on which nothing is asked. It stands behind the express and would not
 * see what is served there.
 */
final class IdleTimeout {

    private IdleTimeout() {}

    /** A request has come. */
    static void restart(ChannelPipeline pipeline) {
        if (pipeline.get(NettyPipeline.IdleTimeoutHandler) instanceof IdleStateHandler timer) {
            timer.resetReadTimeout();
        }
    }

    /** From now on silence is no reason to close. */
    static void stop(ChannelPipeline pipeline) {
        IdleTimeoutHandler.removeIdleTimeoutHandler(pipeline);
    }

    static void start(ChannelPipeline pipeline, Duration limit) {
        IdleTimeoutHandler.addIdleTimeoutHandler(pipeline, limit, HttpConnectionLiveness.CLOSE);
    }
}
