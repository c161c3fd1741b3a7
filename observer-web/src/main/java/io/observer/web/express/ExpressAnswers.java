package io.observer.web.express;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.observer.web.http.PageBody;
import io.observer.web.http.Problem;
import io.observer.web.sse.StreamHandler;

/** The answers as the HTTP/1.1 codec takes them. */
final class ExpressAnswers {

    private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final AsciiString CACHE_CONTROL = AsciiString.cached("Cache-Control");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");
    private static final AsciiString JSON = AsciiString.cached("application/json");
    private static final AsciiString PROBLEM = AsciiString.cached("application/problem+json");
    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("X-Content-Type-Options");
    private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");

    /** Nothing that comes from outside goes into a head here, so nothing is looked at again. */
    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private ExpressAnswers() {}

    static FullHttpResponse created(byte[] body) {
        return full(HttpResponseStatus.CREATED, JSON, Unpooled.wrappedBuffer(body));
    }

    static FullHttpResponse page(PageBody page, ByteBufAllocator alloc) {
        int size = page.size();
        ByteBuf body = alloc.directBuffer(size);
        // Not through the buffer's own methods, which look at its bounds for each event anew.
        page.writeTo(body.internalNioBuffer(0, size));
        return full(HttpResponseStatus.OK, JSON, body.writerIndex(size));
    }

    static FullHttpResponse problem(Problem problem) {
        FullHttpResponse answer = full(
                HttpResponseStatus.valueOf(problem.status().value()), PROBLEM, Unpooled.wrappedBuffer(problem.body()));
        answer.headers().set(CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        problem.headers().forEach((name, values) -> answer.headers().set(name, values));
        return answer;
    }

    static FullHttpResponse noContent() {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER, HEADERS, HEADERS);
        answer.headers().set(CONTENT_TYPE_OPTIONS, NOSNIFF);
        return answer;
    }

    /** The head of a stream, whose body is in chunks. */
    static HttpResponse stream() {
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, HEADERS);
        StreamHandler.headers().forEach((name, values) -> answer.headers().set(name, values));
        answer.headers().set(CONTENT_TYPE_OPTIONS, NOSNIFF).set(TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return answer;
    }

    private static FullHttpResponse full(HttpResponseStatus status, AsciiString type, ByteBuf body) {
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body, HEADERS, HEADERS);
        HttpHeaders headers = answer.headers();
        headers.set(CONTENT_TYPE, type)
                .set(CONTENT_TYPE_OPTIONS, NOSNIFF)
                .set(CONTENT_LENGTH, Integer.toString(body.readableBytes()));
        return answer;
    }
}
