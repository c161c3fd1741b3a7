package io.observer.web.http;

import io.observer.event.BodyTooLargeException;
import io.observer.event.Echo;
import io.observer.event.InvalidEventException;
import io.observer.log.LogClosedException;
import io.observer.log.LogFullException;
import io.observer.log.LogStorageException;
import io.observer.log.LogUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Answers every failure as {@code application/problem+json}, without a class name or a stack. */
@Component
@Order(-2)
public final class ProblemHandler implements ErrorWebExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (isClientGone(failure)) {
            // The client is gone: nobody is left to answer, and nothing went wrong here.
            return Mono.empty();
        }
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        Problem problem = explain(failure, exchange.getRequest().getPath().value());
        byte[] body = problem.body();
        response.setStatusCode(problem.status());
        HttpHeaders headers = response.getHeaders();
        headers.putAll(problem.headers());
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(body.length);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.setCacheControl("no-store");
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    /** Whether a failure is nothing but the end of the client's connection. */
    public static boolean isClientGone(Throwable failure) {
        return failure instanceof AbortedException || AbortedException.isConnectionReset(failure);
    }

    /** What a failure means for the client; one that nobody thought of goes into the server's log. */
    public static Problem explain(Throwable failure, String path) {
        Problem problem = problemOf(failure);
        if (problem.status() == HttpStatus.INTERNAL_SERVER_ERROR) {
            log.error("A request failed. path={}", Echo.of(path), failure);
        }
        return problem;
    }

    private static Problem problemOf(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof InvalidEventException invalid) {
            return Problem.invalidEvents(invalid.errors());
        }
        if (failure instanceof BodyTooLargeException tooLarge) {
            return Problem.of(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(tooLarge.getMessage()));
        }
        if (failure instanceof DataBufferLimitException) {
            return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "the body is larger than this route takes");
        }
        if (failure instanceof LogFullException) {
            return Problem.tryLater("too many events wait to be stored; try again");
        }
        if (failure instanceof LogUnavailableException unavailable) {
            return Problem.tryLater(String.valueOf(unavailable.getMessage()));
        }
        if (failure instanceof LogStorageException storage) {
            return Problem.of(
                    HttpStatus.INSUFFICIENT_STORAGE, storage.getMessage() + "; try again when that is mended");
        }
        if (failure instanceof LogClosedException) {
            return Problem.tryLater("the server is shutting down; try again");
        }
        if (failure instanceof ResponseStatusException known) {
            return ofStatus(known);
        }
        return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed on this request; its log says why");
    }

    private static Problem ofStatus(ResponseStatusException known) {
        HttpStatus status = HttpStatus.resolve(known.getStatusCode().value());
        if (status == null || status.is5xxServerError()) {
            return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed on this request; its log says why");
        }
        if (status == HttpStatus.NOT_FOUND) {
            return Problem.notFound("there is nothing at this path; events are at /v1/events, jobs at /v1/jobs");
        }
        return Problem.of(status, "the request cannot be served: " + status.getReasonPhrase());
    }
}
