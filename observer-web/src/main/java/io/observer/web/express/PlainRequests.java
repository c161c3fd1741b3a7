package io.observer.web.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.observer.web.api.Publishing;
import io.observer.web.guard.AllowedNames;
import io.observer.web.http.Query;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the requests that are plain in every respect that the edge looks at: HTTP/1.1 on a connection that stays, a host
 * that is allowed, no page of another origin, nothing encoded or in chunks, nothing that has to be negotiated. All others
 * take the longer way, on which they are served or refused.
 */
final class PlainRequests {

    private static final String EVENTS = "/v1/events";
    private static final String STREAM = "/v1/events/stream";
    private static final Pattern JOB_STREAM = Pattern.compile("/v1/jobs/([A-Za-z0-9._-]{1,128})/events/stream");

    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";
    private static final String EVENT_STREAM = "text/event-stream";

    private static final String[] UNUSUAL = {
        "Origin", "Connection", "Upgrade", "Content-Encoding", "Transfer-Encoding", "Expect"
    };

    private final AllowedNames hosts;
    private volatile String lastHost = "";

    PlainRequests(AllowedNames hosts) {
        this.hosts = hosts;
    }

    /** What {@code request} asks for, or null if it is not plain. */
    @Nullable
    ExpressRequest read(HttpRequest request) {
        if (!request.uri().startsWith("/v1/") || !isPlain(request)) {
            return null;
        }
        if (request.method().equals(HttpMethod.POST)) {
            return request.uri().equals(EVENTS) ? publish(request) : null;
        }
        return request.method().equals(HttpMethod.GET) && !hasBody(request.headers()) ? get(request) : null;
    }

    private static @Nullable ExpressRequest publish(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String type = only(headers, HttpHeaderNames.CONTENT_TYPE);
        boolean lines = LINES.equals(type);
        long length = HttpUtil.getContentLength(request, 0L);
        boolean plain = (lines || JSON.equals(type)) && length <= Publishing.maxBytes(lines) && accepts(headers, JSON);
        return plain ? new ExpressRequest.Publish(lines, (int) length) : null;
    }

    private static @Nullable ExpressRequest get(HttpRequest request) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        Query query = Query.ofPlain(mark < 0 ? "" : uri.substring(mark + 1));
        if (query == null) {
            return null;
        }
        HttpHeaders headers = request.headers();
        if (path.equals(EVENTS)) {
            return accepts(headers, JSON) ? new ExpressRequest.Page(query) : null;
        }
        if (!accepts(headers, EVENT_STREAM)) {
            return null;
        }
        List<String> lastEventIds = headers.getAll("Last-Event-ID");
        if (path.equals(STREAM)) {
            return new ExpressRequest.Stream(query, lastEventIds, null);
        }
        Matcher job = JOB_STREAM.matcher(path);
        return job.matches() ? new ExpressRequest.Stream(query, lastEventIds, job.group(1)) : null;
    }

    private boolean isPlain(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1) || !isHostAllowed(headers)) {
            return false;
        }
        for (String name : UNUSUAL) {
            if (headers.contains(name)) {
                return false;
            }
        }
        return !headers.containsValue("Sec-Fetch-Site", "cross-site", true);
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private boolean isHostAllowed(HttpHeaders headers) {
        String host = only(headers, HttpHeaderNames.HOST);
        return host != null && (host.equals(lastHost) || isAllowed(host));
    }

    private boolean isAllowed(String host) {
        boolean allowed = hosts.allows(host);
        if (allowed) {
            lastHost = host;
        }
        return allowed;
    }

    private static boolean accepts(HttpHeaders headers, String type) {
        if (!headers.contains(HttpHeaderNames.ACCEPT)) {
            return true;
        }
        String accept = only(headers, HttpHeaderNames.ACCEPT);
        return type.equals(accept) || "*/*".equals(accept);
    }

    /** The one value of a header, or null if there is none or several. */
    private static @Nullable String only(HttpHeaders headers, CharSequence name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 ? values.get(0) : null;
    }
}
