package io.observer.web.api;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.observer.web.guard.AllowedNames;
import io.observer.web.http.Problem;
import io.observer.web.http.ProblemHandler;
import io.observer.web.http.Query;
import io.observer.web.sse.StreamHandler;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The routes that are taken thousands of times a second, served below WebFlux, whose way of a request costs more than
 * storing an event. Only {@link PlainRequests plain requests} come here; WebFlux has the same routes for all others, and
 * answers or refuses those.
 */
final class ExpressRoutes implements NettyRouteProvider {

    private static final String EVENTS = "/v1/events";
    private static final String STREAM = "/v1/events/stream";
    private static final Pattern JOB_STREAM = Pattern.compile("/v1/jobs/([A-Za-z0-9._-]{1,128})/events/stream(\\?.*)?");

    private static final Set<String> JSON = Set.of("application/json");
    private static final Set<String> EVENT_STREAM = Set.of("text/event-stream");

    private final PlainRequests plain;
    private final Publishing publishing;
    private final PageHandler pages;
    private final StreamHandler streams;

    ExpressRoutes(AllowedNames hosts, Publishing publishing, PageHandler pages, StreamHandler streams) {
        this.plain = new PlainRequests(hosts);
        this.publishing = publishing;
        this.pages = pages;
        this.streams = streams;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes routes) {
        return routes.route(this::isPublish, this::publish)
                .route(this::isPage, this::page)
                .route(this::isStream, this::stream);
    }

    private boolean isPublish(HttpServerRequest request) {
        return HttpMethod.POST.equals(request.method())
                && EVENTS.equals(request.uri())
                && hasPlainBody(request.requestHeaders())
                && plain.isPlain(request, JSON);
    }

    private static boolean hasPlainBody(HttpHeaders headers) {
        List<String> type = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (type.size() != 1) {
            return false;
        }
        boolean lines = isLines(type.get(0));
        return (lines || type.get(0).equals("application/json"))
                && headers.getInt(HttpHeaderNames.CONTENT_LENGTH, Integer.MAX_VALUE) <= Publishing.maxBytes(lines);
    }

    private static boolean isLines(String contentType) {
        return contentType.equals("application/x-ndjson");
    }

    private boolean isPage(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method())
                && isPath(EVENTS, request.uri())
                && PlainRequests.queryOf(request.uri()) != null
                && plain.isPlain(request, JSON);
    }

    private boolean isStream(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method())
                && (isPath(STREAM, request.uri())
                        || JOB_STREAM.matcher(request.uri()).matches())
                && PlainRequests.queryOf(request.uri()) != null
                && streams.hasRoom()
                && plain.isPlain(request, EVENT_STREAM);
    }

    private static boolean isPath(String path, String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    private Mono<Void> publish(HttpServerRequest request, HttpServerResponse response) {
        boolean lines = isLines(request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE));
        return ExpressBody.of(request, response)
                .flatMap(body -> publishing.publish(body, lines))
                .flatMap(answer -> send(response, HttpStatus.CREATED, answer))
                .onErrorResume(failure -> refuse(response, failure));
    }

    private Mono<Void> page(HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> pages.page(queryOf(request)))
                .flatMap(page -> send(response, page))
                .onErrorResume(failure -> refuse(response, failure));
    }

    private Mono<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        List<String> lastEventIds = request.requestHeaders().getAll("Last-Event-ID");
        return Mono.defer(() -> streams.serve(response, queryOf(request), lastEventIds, jobOf(request.uri())))
                .onErrorResume(Problem.class, refused -> refuse(response, refused));
    }

    private static @Nullable String jobOf(String uri) {
        Matcher job = JOB_STREAM.matcher(uri);
        return job.matches() ? Query.jobName(job.group(1)) : null;
    }

    private static Query queryOf(HttpServerRequest request) {
        Query query = PlainRequests.queryOf(request.uri());
        if (query == null) {
            throw new IllegalStateException("not plain: " + request.uri());
        }
        return query;
    }

    private static Mono<Void> send(HttpServerResponse response, HttpStatus status, byte[] body) {
        return answer(response, status, "application/json", Unpooled.wrappedBuffer(body));
    }

    private static Mono<Void> send(HttpServerResponse response, PageBody page) {
        ByteBuf body = response.alloc().directBuffer(page.size());
        page.writeTo(body);
        return answer(response, HttpStatus.OK, "application/json", body);
    }

    private static Mono<Void> refuse(HttpServerResponse response, Throwable failure) {
        if (response.hasSentHeaders() || ProblemHandler.isClientGone(failure)) {
            return Mono.error(failure);
        }
        Problem problem = ProblemHandler.problemOf(failure);
        problem.headers().forEach((name, values) -> response.header(name, values.get(0)));
        response.header(HttpHeaderNames.CACHE_CONTROL, "no-store");
        return answer(response, problem.status(), "application/problem+json", Unpooled.wrappedBuffer(problem.body()));
    }

    private static Mono<Void> answer(HttpServerResponse response, HttpStatus status, String type, ByteBuf body) {
        return response.status(status.value())
                .header(HttpHeaderNames.CONTENT_TYPE, type)
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.readableBytes()))
                .send(Mono.just(body))
                .then();
    }
}
