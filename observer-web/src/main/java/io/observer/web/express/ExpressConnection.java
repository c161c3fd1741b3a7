package io.observer.web.express;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.observer.web.guard.RequestCount;
import io.observer.web.http.Problem;
import io.observer.web.http.ProblemHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Serves the plain requests of one HTTP/1.1 connection and hands all others on. Answers leave in the order of their
 * requests: a request behind one that was handed on is handed on too, and what comes behind a request that is served
 * here waits. Lives on the connection's event loop.
 */
final class ExpressConnection extends ChannelDuplexHandler {

    private enum State {
        /** What comes next begins a request, or belongs to one that was handed on. */
        FREE,
        /** The body of a request that is served here is on its way. */
        RECEIVING,
        /** A request is complete and its answer is not. */
        ANSWERING,
        /** The client has yet to take what it was given, or other connections have their turn. */
        RESTING,
        /** The last answer is given; what still comes is read and forgotten. */
        LEAVING
    }

    /** How long a client that was answered too early has for its end of the connection. */
    private static final Duration LINGER_TO_CLOSE = Duration.ofSeconds(2);

    /** Requests answered before other connections have their turn. */
    private static final int TURN = 16;

    private final Express express;
    private final RequestCount handedOn = new RequestCount();
    private boolean handedOnWhole = true;
    private State state = State.FREE;
    private @Nullable ReceivedRequest received;
    private @Nullable Future<?> deadline;
    private @Nullable ExpressStream stream;
    private @Nullable Queue<Object> waiting;
    private boolean draining;
    private int answered;

    ExpressConnection(Express express) {
        this.express = express;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.FREE) {
            begin(context, message);
        } else if (state == State.RECEIVING && message instanceof HttpContent content) {
            receive(context, content);
        } else if (state == State.LEAVING) {
            ReferenceCountUtil.release(message);
        } else {
            await(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        limitBody(context);
        readOn(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        goOn(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        handedOn.sending(message);
        context.write(message, promise);
        readOn(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    private void begin(ChannelHandlerContext context, Object message) {
        ReceivedRequest request =
                message instanceof HttpRequest head && handedOn.open() == 0 ? express.read(head) : null;
        if (request == null) {
            handOn(context, message);
            return;
        }
        received = request;
        state = State.RECEIVING;
        IdleTimeout.restart(context.pipeline());
    }

    private void handOn(ChannelHandlerContext context, Object message) {
        handedOn.received(message);
        handedOnWhole = message instanceof LastHttpContent;
        context.fireChannelRead(message);
    }

    private void receive(ChannelHandlerContext context, HttpContent content) {
        ReceivedRequest whole = received;
        try {
            if (whole != null) {
                whole.add(content.content());
            }
        } catch (Problem full) {
            giveUp(context, full);
            return;
        } finally {
            content.release();
        }
        if (content instanceof LastHttpContent && whole != null) {
            received = null;
            cancelDeadline();
            state = State.ANSWERING;
            answer(context, whole);
        }
    }

    /** Mostly the body comes with the head; only where it did not, time is kept. */
    private void limitBody(ChannelHandlerContext context) {
        if (state == State.RECEIVING && deadline == null) {
            deadline = context.executor()
                    .schedule(() -> tooSlow(context), Problem.BODY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tooSlow(ChannelHandlerContext context) {
        giveUp(context, Problem.bodyTooSlow());
    }

    /**
     * Answers in the middle of a body, which is the end of the connection: not at once, since closing it over bytes that
     * are still coming would take the answer away from the client.
     */
    private void giveUp(ChannelHandlerContext context, Problem problem) {
        state = State.LEAVING;
        dropReceived();
        cancelDeadline();
        deadline =
                context.executor().schedule(() -> context.close(), LINGER_TO_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        context.writeAndFlush(ExpressAnswers.problem(problem)).addListener(written -> {
            if (context.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
            }
        });
    }

    private void dropReceived() {
        if (received != null) {
            received.drop();
            received = null;
        }
    }

    private void await(Object message) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(message);
    }

    private void answer(ChannelHandlerContext context, ReceivedRequest whole) {
        ExpressRequest request = whole.request();
        if (request instanceof ExpressRequest.Stream wanted) {
            stream = new ExpressStream(context, express, () -> streamEnded(context));
            stream.open(wanted, failure -> refuse(context, failure));
        } else if (request instanceof ExpressRequest.Page page) {
            send(context, express.page(page, context.alloc()));
        } else if (request instanceof ExpressRequest.Publish publish) {
            // Behind the reading of what else has come: the log's writer then finds all of it at once.
            context.executor().execute(() -> send(context, express.publish(publish, whole.body())));
        }
    }

    private void send(ChannelHandlerContext context, Mono<FullHttpResponse> answer) {
        answer.subscribe(
                response -> EventLoops.run(context.executor(), () -> finish(context, response)),
                failure -> EventLoops.run(context.executor(), () -> refuse(context, failure)));
    }

    private void refuse(ChannelHandlerContext context, Throwable failure) {
        finish(context, ExpressAnswers.problem(ProblemHandler.explain(failure, "/v1")));
    }

    private void streamEnded(ChannelHandlerContext context) {
        stream = null;
        next(context);
    }

    private void finish(ChannelHandlerContext context, FullHttpResponse answer) {
        stream = null;
        context.writeAndFlush(answer, context.voidPromise());
        next(context);
    }

    /** Turns to the next request, once the client has taken enough and others had their turn. */
    private void next(ChannelHandlerContext context) {
        state = State.RESTING;
        answered++;
        if (answered < TURN) {
            goOn(context);
        } else {
            context.executor().execute(() -> {
                answered = 0;
                goOn(context);
            });
        }
    }

    /** Turns to what came meanwhile, and then to what the client sends, unless it leaves its answers where they are. */
    private void goOn(ChannelHandlerContext context) {
        if (state != State.RESTING || !context.channel().isWritable()) {
            return;
        }
        state = State.FREE;
        if (draining) {
            return;
        }
        draining = true;
        while (state != State.ANSWERING && state != State.RESTING && waiting != null && !waiting.isEmpty()) {
            channelRead(context, waiting.remove());
        }
        draining = false;
        limitBody(context);
        readOn(context);
    }

    /**
     * Asks for more while something is expected: the channel is read on demand only, and the demand of what stands behind
     * this handler is not enough. Reactor Netty 1.3.7 now and then forgets it when a request follows close on another.
     * Beside an answer, what comes is read once and then waits: to stop reading for the time of one answer and to begin
     * again would be two calls of the system each time.
     */
    private void readOn(ChannelHandlerContext context) {
        boolean inBody = state == State.RECEIVING || state == State.LEAVING || !handedOnWhole;
        boolean besideAnswer = state == State.ANSWERING && stream == null && (waiting == null || waiting.isEmpty());
        if (inBody || besideAnswer || (state == State.FREE && handedOn.open() == 0)) {
            context.read();
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void release() {
        cancelDeadline();
        dropReceived();
        if (stream != null) {
            stream.cancel();
            stream = null;
        }
        while (waiting != null && !waiting.isEmpty()) {
            ReferenceCountUtil.release(waiting.remove());
        }
    }
}
