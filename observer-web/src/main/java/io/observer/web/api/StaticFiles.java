package io.observer.web.api;

import io.observer.web.http.Accepts;
import java.util.function.BiConsumer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The page and what it loads, from the jar. */
final class StaticFiles {

    private static final Resource ROOT = new ClassPathResource("static/");

    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=utf-8");

    /** Nothing but this server's own files, nothing inline, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private StaticFiles() {}

    static HandlerFunction<ServerResponse> index() {
        Resource page = new ClassPathResource("static/index.html");
        return request -> {
            Accepts.require(request, MediaType.TEXT_HTML);
            return ServerResponse.ok()
                    .contentType(HTML)
                    .headers(StaticFiles::guard)
                    .bodyValue(page);
        };
    }

    static RouterFunction<ServerResponse> router() {
        BiConsumer<Resource, HttpHeaders> guarded = (resource, headers) -> guard(headers);
        return RouterFunctions.resources("/static/**", ROOT, guarded);
    }

    private static void guard(HttpHeaders headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Referrer-Policy", "no-referrer");
        headers.setCacheControl("no-cache");
    }
}
