package io.observer.web.guard;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.observer.web.http.Problem;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Answers what the HTTP/1.1 codec could not read, and lets nobody behind it see that: the connection ends with the
 * answer, since nobody knows where the next request would begin.
 */
public final class MalformedRequests extends ChannelDuplexHandler {

    private static final Set<HttpVersion> VERSIONS = Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1);

    private final RequestCount requests = new RequestCount();
    private boolean malformed;
    private boolean refused;

    /** What is to be answered once the requests before have been; then this many are open. */
    private @Nullable Problem due;

    private int dueAt;

    private MalformedRequests() {}

    /** Watches a connection that was just made. */
    public static void install(Channel channel) {
        ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
        if (codec != null) {
            channel.pipeline().addAfter(codec.name(), null, new MalformedRequests());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (malformed) {
            ReferenceCountUtil.release(message);
            return;
        }
        Problem problem = message instanceof HttpObject part ? problemOf(part) : null;
        if (problem != null) {
            malformed = true;
            due = problem;
            dueAt = message instanceof HttpRequest ? 0 : 1;
            ReferenceCountUtil.release(message);
            refuseInTurn(context);
            return;
        }
        requests.received(message);
        if (message instanceof HttpRequest request) {
            stayWithHttp1IfThereIsABody(request);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refused) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        requests.sending(message);
        context.write(message, promise);
        refuseInTurn(context);
    }

    /** Answers come in the order of their requests: one that stands behind others has to wait for them. */
    private void refuseInTurn(ChannelHandlerContext context) {
        Problem problem = due;
        if (problem != null && requests.open() <= dueAt) {
            due = null;
            refused = true;
            refuse(context, problem);
        }
    }

    /** An upgrade takes effect after the body only, so a body that never comes would escape every time limit. */
    private static void stayWithHttp1IfThereIsABody(HttpRequest request) {
        if (HttpUtil.getContentLength(request, 0L) > 0 || HttpUtil.isTransferEncodingChunked(request)) {
            request.headers().remove(HttpHeaderNames.UPGRADE).remove("HTTP2-Settings");
        }
    }

    private void refuse(ChannelHandlerContext context, Problem problem) {
        if (requests.isAnswering()) {
            context.close();
            return;
        }
        byte[] body = problem.body();
        HttpResponseStatus status = HttpResponseStatus.valueOf(problem.status().value());
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    private static @Nullable Problem problemOf(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            return problemOf(part.decoderResult().cause());
        }
        return part instanceof HttpRequest request && !VERSIONS.contains(request.protocolVersion())
                ? Problem.of(HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "send HTTP/1.1, or HTTP/2 with prior knowledge")
                : null;
    }

    private static Problem problemOf(Throwable reason) {
        if (reason instanceof TooLongHttpLineException) {
            return Problem.of(HttpStatus.URI_TOO_LONG, "the request line is too long; it may have 4096 bytes");
        }
        if (reason instanceof TooLongHttpHeaderException) {
            return Problem.of(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long; they may have 8192 bytes");
        }
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "this is not HTTP/1.1: send a request line, headers, and a body of the announced length or in chunks");
    }
}
