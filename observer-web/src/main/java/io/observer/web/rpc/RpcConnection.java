package io.observer.web.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One connection: a request is read when the one before it has been answered and the answer taken, so that nothing piles
 * up here. It may be subscribed besides. Lives on its channel's event loop.
 */
final class RpcConnection extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger log = LoggerFactory.getLogger(RpcConnection.class);

    /** Bytes that a line may have: far more than any request needs, and little for thousands of connections. */
    static final int LONGEST_LINE = 64 << 10;

    private final RpcMethods methods;
    private final RpcSubscriptions subscriptions;
    private final AnswerMemory memory;
    private final RpcMetrics metrics;
    private final Scheduler reading;
    private final Duration stall;

    private final Disposable.Swap question = Disposables.swap();
    private @Nullable Disposable subscription;
    private boolean busy;

    /**
     * @param reading runs what reads requests, whose size is up to who sends them
     * @param stall how long an answer may wait to be taken
     */
    RpcConnection(
            RpcMethods methods,
            RpcSubscriptions subscriptions,
            AnswerMemory memory,
            RpcMetrics metrics,
            Scheduler reading,
            Duration stall) {
        this.methods = methods;
        this.subscriptions = subscriptions;
        this.memory = memory;
        this.metrics = metrics;
        this.reading = reading;
        this.stall = stall;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    /** A read may end within a line; the rest has to be asked for. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!busy) {
            context.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
        busy = true;
        byte[] request = ByteBufUtil.getBytes(line);
        question.update(Mono.fromCallable(() -> RpcRequest.parse(request))
                .subscribeOn(reading)
                .flatMap(asked -> answer(context, asked))
                .onErrorResume(failure -> refusal(null, failure))
                .doOnSuccess(answer -> pass(context, answer))
                .subscribe());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        question.dispose();
        if (subscription != null) {
            subscription.dispose();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof TooLongFrameException) {
            // The rest of the line is passed over, and the next one is read.
            metrics.countRefused();
            RpcException tooLong = RpcException.unreadable("a line may have at most 64 KiB");
            byte[] answer = RpcAnswer.of(null, tooLong);
            memory.hold(answer);
            if (busy) {
                watch(context, write(context, answer));
            } else {
                busy = true;
                goOn(context, answer);
            }
            return;
        }
        if (!(failure instanceof IOException)) {
            log.warn("A connection of the RPC socket failed and is closed.", failure);
        }
        context.close();
    }

    /** The answer as a line, or nothing if none is wanted. */
    private Mono<byte[]> answer(ChannelHandlerContext context, RpcRequest request) {
        String id = request.id();
        Mono<byte[]> answer = Mono.defer(() -> {
                    if (request.method().equals(RpcMethods.STREAM)) {
                        return subscribe(context, request.params());
                    }
                    return methods.answer(request)
                            .map(result -> RpcAnswer.of(id == null ? "null" : id, result))
                            .doOnNext(answered -> metrics.countAnswered());
                })
                .onErrorResume(failure -> refusal(id, failure));
        return id == null ? answer.then(Mono.empty()) : answer;
    }

    private Mono<byte[]> subscribe(ChannelHandlerContext context, RpcParams params) {
        return Mono.create(done -> context.executor().execute(() -> {
            try {
                if (subscription != null) {
                    throw RpcException.invalidRequest(null, "this connection has its subscription; open another");
                }
                subscription = subscriptions.open(context, params);
                done.success();
            } catch (RpcException refused) {
                done.error(refused);
            }
        }));
    }

    private Mono<byte[]> refusal(@Nullable String id, Throwable failure) {
        metrics.countRefused();
        if (failure instanceof RpcException refused) {
            return Mono.just(RpcAnswer.of(id == null ? refused.id() : id, refused));
        }
        log.warn("A request of the RPC socket failed.", failure);
        return Mono.just(RpcAnswer.of(id, RpcException.internal()));
    }

    private void pass(ChannelHandlerContext context, byte @Nullable [] answer) {
        if (answer != null) {
            memory.hold(answer);
        }
        context.executor().execute(() -> goOn(context, answer));
    }

    /** Writes the answer, if there is one, and takes the next request once it is gone. */
    private void goOn(ChannelHandlerContext context, byte @Nullable [] answer) {
        if (answer == null) {
            readOn(context);
            return;
        }
        ChannelFuture written = write(context, answer);
        written.addListener(taken -> readOn(context));
        watch(context, written);
    }

    /** @param answer held, until it is gone */
    private ChannelFuture write(ChannelHandlerContext context, byte[] answer) {
        ChannelFuture written = context.writeAndFlush(Unpooled.wrappedBuffer(answer));
        written.addListener(taken -> memory.release(answer));
        return written;
    }

    private void readOn(ChannelHandlerContext context) {
        busy = false;
        context.read();
    }

    private void watch(ChannelHandlerContext context, ChannelFuture written) {
        if (!written.isDone()) {
            var check = context.executor().schedule(() -> closeUnless(written), stall.toNanos(), TimeUnit.NANOSECONDS);
            written.addListener(taken -> check.cancel(false));
        }
    }

    private static void closeUnless(ChannelFuture written) {
        if (!written.isDone()) {
            log.info("An answer was not taken for too long, and its connection is closed.");
            written.channel().close();
        }
    }
}
