package io.observer.web.api;

import io.observer.web.http.Accepts;
import io.observer.web.http.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.DigestUtils;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The dashboard's pages, what they load, and the client module, from the jar. Each is read when it is first asked for and
 * answered in one piece: answers made from resources left connections mute now and then.
 */
final class StaticFiles {

    /** Names without dots in front, so that no path leads out of the folders. */
    private static final Pattern PATH = Pattern.compile("/(static|client)(/[A-Za-z][A-Za-z0-9.-]*)+");

    /** Nothing but this server's own files, nothing inline, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

    /** All jobs. */
    Mono<ServerResponse> overview(ServerRequest request) {
        return page(request, "/static/index.html");
    }

    /** One job: the same page for every name that is legal. */
    Mono<ServerResponse> job(ServerRequest request) {
        Query.jobName(request.pathVariable("job"));
        return page(request, "/static/job.html");
    }

    private Mono<ServerResponse> page(ServerRequest request, String path) {
        Accepts.require(request, MediaType.TEXT_HTML);
        return find(path).orElseThrow().answer(request);
    }

    /** Everything else that is there; a path that is not is left to others. */
    RouterFunction<ServerResponse> router() {
        return request ->
                Mono.justOrEmpty(isRead(request) ? find(request.path()).map(StaticFile::handler) : Optional.empty());
    }

    private static boolean isRead(ServerRequest request) {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    private Optional<StaticFile> find(String path) {
        return PATH.matcher(path).matches()
                ? Optional.ofNullable(files.computeIfAbsent(path, StaticFiles::read))
                : Optional.empty();
    }

    private static @Nullable StaticFile read(String path) {
        ClassPathResource resource = new ClassPathResource(path);
        if (!resource.isReadable()) {
            return null;
        }
        try {
            MediaType type = MediaTypeFactory.getMediaType(path).orElse(MediaType.APPLICATION_OCTET_STREAM);
            byte[] content = resource.getContentAsByteArray();
            return new StaticFile(type, content, '"' + DigestUtils.md5DigestAsHex(content) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + " from the jar", e);
        }
    }

    /**
     * A file as it is answered.
     *
     * @param tag changes when the content does
     */
    private record StaticFile(MediaType type, byte[] content, String tag) {

        HandlerFunction<ServerResponse> handler() {
            return this::answer;
        }

        Mono<ServerResponse> answer(ServerRequest request) {
            return request.checkNotModified(tag)
                    .switchIfEmpty(Mono.defer(() -> ServerResponse.ok()
                            .contentType(charset(type))
                            .eTag(tag)
                            .header("Content-Security-Policy", POLICY)
                            .header("Referrer-Policy", "no-referrer")
                            .header("Cache-Control", "no-cache")
                            .bodyValue(content)));
        }

        private static MediaType charset(MediaType type) {
            boolean isText = type.getType().equals("text") || type.getSubtype().endsWith("javascript");
            return isText ? new MediaType(type, StandardCharsets.UTF_8) : type;
        }
    }
}
