package io.observer.web.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.LastHttpContent;
import io.observer.web.sse.StreamQuery;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** A stream as the answer to a request: its head, its frames, its end. Lives on the connection's event loop. */
final class ExpressStream {

    private final ChannelHandlerContext context;
    private final Express express;
    private final Runnable ended;
    private Disposable writing = Disposables.disposed();

    /** @param ended is run when the answer is complete */
    ExpressStream(ChannelHandlerContext context, Express express, Runnable ended) {
        this.context = context;
        this.express = express;
        this.ended = ended;
    }

    /** @param refuse is told why there will be no stream */
    void open(ExpressRequest.Stream wanted, Consumer<Throwable> refuse) {
        Mono<Optional<StreamQuery>> found =
                express.find(wanted).map(Optional::of).defaultIfEmpty(Optional.empty());
        found.subscribe(
                query -> EventLoops.run(context.executor(), () -> begin(query)),
                failure -> EventLoops.run(context.executor(), () -> refuse.accept(failure)));
    }

    void cancel() {
        writing.dispose();
    }

    private void begin(Optional<StreamQuery> query) {
        if (!context.channel().isActive()) {
            return;
        }
        if (query.isPresent()) {
            serve(query.get());
        } else {
            context.writeAndFlush(ExpressAnswers.noContent(), context.voidPromise());
            ended.run();
        }
    }

    private void serve(StreamQuery query) {
        ChannelPipeline pipeline = context.pipeline();
        IdleTimeout.stop(pipeline);
        forgetHttp2(pipeline);
        context.write(ExpressAnswers.stream(), context.voidPromise());
        writing = express.write(context.channel(), query)
                .subscribe(
                        nothing -> {}, failure -> context.close(), () -> EventLoops.run(context.executor(), this::end));
        context.flush();
        // So that the end of the connection is noticed.
        context.read();
    }

    private void end() {
        IdleTimeout.start(context.pipeline(), express.idleTimeout());
        context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
        ended.run();
    }

    /** What a connection keeps ready for an upgrade to HTTP/2 is more than a stream needs. */
    private static void forgetHttp2(ChannelPipeline pipeline) {
        if (pipeline.get(HttpServerUpgradeHandler.class) != null) {
            pipeline.remove(HttpServerUpgradeHandler.class);
        }
    }
}
