package io.observer.web.guard;

import io.netty.handler.codec.http.HttpVersion;
import io.observer.event.Echo;
import io.observer.web.http.Problem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Lets a request in or refuses it before it has any effect. Stands before every route, streams and health included. */
public final class EdgeFilter implements WebFilter {

    /** A request's target as proxies are sent it, with its host. */
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*).*", Pattern.DOTALL);

    private final AllowedNames hosts;
    private final AllowedOrigins origins;

    /**
     * @param hosts names that {@code Host} may have
     * @param origins origins besides the server's own that {@code Origin} may have
     */
    public EdgeFilter(AllowedNames hosts, AllowedOrigins origins) {
        this.hosts = hosts;
        this.origins = origins;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().getHeaders().set("X-Content-Type-Options", "nosniff");
        Optional<Problem> refusal = refusalOf(exchange.getRequest());
        return refusal.isPresent() ? Mono.error(refusal.get()) : chain.filter(exchange);
    }

    private Optional<Problem> refusalOf(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        List<String> host = headers.getOrEmpty(HttpHeaders.HOST);
        if (host.size() > 1 || (host.isEmpty() && isHttp11(request))) {
            return refuse(HttpStatus.BAD_REQUEST, "send one Host header");
        }
        String name = host.isEmpty() ? null : AllowedNames.nameOf(host.get(0));
        if (name == null || !hosts.contains(name)) {
            return refuse(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "the host '" + Echo.of(String.join("", host))
                            + "' is not served here; use localhost, or add it to observer.security.allowed-hosts");
        }
        if (!isTargetAt(host.get(0), request)) {
            return refuse(HttpStatus.BAD_REQUEST, "the target of the request and its Host name different hosts");
        }
        if (isCrossSite(headers) || !isOriginAllowed(headers, host.get(0))) {
            return refuse(
                    HttpStatus.FORBIDDEN,
                    "pages of another origin may not talk to this server; add theirs to"
                            + " observer.security.allowed-origins");
        }
        if (!valuesOf(headers, HttpHeaders.CONTENT_ENCODING).allMatch("identity"::equalsIgnoreCase)) {
            return refuse(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "send the body without a Content-Encoding");
        }
        return Optional.empty();
    }

    private static boolean isHttp11(ServerHttpRequest request) {
        HttpServerRequest sent = ServerHttpRequestDecorator.getNativeRequest(request);
        return sent.version().equals(HttpVersion.HTTP_1_1);
    }

    /** The values of a header that may be sent several times, or once with commas between. */
    private static Stream<String> valuesOf(HttpHeaders headers, String name) {
        return headers.getOrEmpty(name).stream()
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(String::strip);
    }

    /** The host in a target goes before the header, so it may not be another one. */
    private static boolean isTargetAt(String host, ServerHttpRequest request) {
        HttpServerRequest sent = ServerHttpRequestDecorator.getNativeRequest(request);
        Matcher target = ABSOLUTE.matcher(sent.uri());
        return !target.matches() || target.group(1).equalsIgnoreCase(host);
    }

    private boolean isCrossSite(HttpHeaders headers) {
        return valuesOf(headers, "Sec-Fetch-Site").anyMatch("cross-site"::equalsIgnoreCase)
                && !origins.contains(headers.getFirst(HttpHeaders.ORIGIN));
    }

    private boolean isOriginAllowed(HttpHeaders headers, String host) {
        List<String> sent = headers.getOrEmpty(HttpHeaders.ORIGIN);
        @Nullable String origin = sent.isEmpty() ? null : sent.get(0);
        if (origin == null) {
            return true;
        }
        return sent.size() == 1 && (AllowedOrigins.isOwn(origin, host) || origins.contains(origin));
    }

    private static Optional<Problem> refuse(HttpStatus status, String detail) {
        return Optional.of(Problem.of(status, detail));
    }
}
