package io.observer.web.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.observer.web.guard.AllowedNames;
import io.observer.web.http.Query;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Tells the requests that are plain in every respect that the edge looks at: a host that is allowed, no page of another
 * origin, nothing encoded, nothing that has to be negotiated. All others take the longer way.
 */
final class PlainRequests {

    /** Letters that mean themselves in a query, and what stands between them. */
    private static final Pattern PLAIN_QUERY = Pattern.compile("[A-Za-z0-9._,*=&-]*");

    private static final List<String> UNUSUAL = List.of("Origin", "Content-Encoding", "Transfer-Encoding", "Expect");

    private final AllowedNames hosts;
    private volatile String lastHost = "";

    PlainRequests(AllowedNames hosts) {
        this.hosts = hosts;
    }

    /** @param takes what {@code Accept} may be, if it is there and not everything */
    boolean isPlain(HttpServerRequest request, Set<String> takes) {
        HttpHeaders headers = request.requestHeaders();
        return isHostAllowed(headers)
                && UNUSUAL.stream().noneMatch(headers::contains)
                && !headers.contains("Sec-Fetch-Site", "cross-site", true)
                && isAccepted(headers.getAll(HttpHeaderNames.ACCEPT), takes);
    }

    /** The parameters behind the path of {@code uri}, or null if they are not plain. */
    static @Nullable Query queryOf(String uri) {
        int mark = uri.indexOf('?');
        String text = mark < 0 ? "" : uri.substring(mark + 1);
        if (!PLAIN_QUERY.matcher(text).matches()) {
            return null;
        }
        MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                return null;
            }
            parameters.add(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new Query(parameters);
    }

    private boolean isHostAllowed(HttpHeaders headers) {
        List<String> host = headers.getAll(HttpHeaderNames.HOST);
        return host.size() == 1 && (host.get(0).equals(lastHost) || isAllowed(host.get(0)));
    }

    private boolean isAllowed(String host) {
        boolean allowed = hosts.allows(host);
        if (allowed) {
            lastHost = host;
        }
        return allowed;
    }

    private static boolean isAccepted(List<String> accept, Set<String> takes) {
        return accept.isEmpty()
                || (accept.size() == 1 && (accept.get(0).equals("*/*") || takes.contains(accept.get(0))));
    }
}
