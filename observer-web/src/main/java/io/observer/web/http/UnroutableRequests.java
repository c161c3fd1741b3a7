package io.observer.web.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Gives the refusals that are decided before any route, such as of a URL that is none, the body that others have. */
public final class UnroutableRequests {

    private UnroutableRequests() {}

    /** Follows the handling of a request; one that was answered is left alone. */
    public static Mono<Void> explain(Mono<Void> handling, Connection connection) {
        return handling.then(Mono.defer(() -> connection instanceof HttpServerResponse response && isBare(response)
                ? answer(response)
                : Mono.empty()));
    }

    private static boolean isBare(HttpServerResponse response) {
        return !response.hasSentHeaders() && HttpResponseStatus.BAD_REQUEST.equals(response.status());
    }

    private static Mono<Void> answer(HttpServerResponse response) {
        byte[] body = Problem.badRequest(
                        "the URL holds characters that must be percent-encoded, or an encoding that is cut short")
                .body();
        return response.header("Content-Type", "application/problem+json")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Length", Integer.toString(body.length))
                .sendByteArray(Mono.just(body))
                .then();
    }
}
