package io.observer.web.api;

import io.observer.web.http.Accepts;
import io.observer.web.http.PageBody;
import io.observer.web.http.Query;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /v1/events} and {@code GET /v1/jobs/{job}/events}. */
final class PageHandler {

    private final Pages pages;

    PageHandler(Pages pages) {
        this.pages = pages;
    }

    Mono<ServerResponse> all(ServerRequest request) {
        Accepts.json(request);
        return answer(pages.page(new Query(request.queryParams())));
    }

    Mono<ServerResponse> ofJob(ServerRequest request) {
        Accepts.json(request);
        return answer(pages.pageOfJob(request.pathVariable("job"), new Query(request.queryParams())));
    }

    private static Mono<ServerResponse> answer(Mono<PageBody> page) {
        return page.flatMap(body ->
                ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body.bytes()));
    }
}
