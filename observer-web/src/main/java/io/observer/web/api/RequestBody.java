package io.observer.web.api;

import io.observer.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** The body of a request: of what type it says to be, and its bytes, in bounded size and time. */
final class RequestBody {

    private RequestBody() {}

    /** The one media type that the request names, if it is in UTF-8; empty if that cannot be told. */
    static Optional<MediaType> type(ServerRequest request) {
        if (request.headers().header(HttpHeaders.CONTENT_TYPE).size() > 1) {
            return Optional.empty();
        }
        try {
            return request.headers()
                    .contentType()
                    .filter(type ->
                            type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * The bytes of the body; none if there is none.
     *
     * @param tooLarge what to say of a body that announces more than {@code maxBytes}
     */
    static Mono<byte[]> bytes(ServerRequest request, int maxBytes, String tooLarge) {
        if (request.headers().contentLength().orElse(0) > maxBytes) {
            return Mono.error(Problem.of(HttpStatus.CONTENT_TOO_LARGE, tooLarge));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), maxBytes)
                .map(RequestBody::bytesOf)
                .defaultIfEmpty(new byte[0])
                .timeout(Problem.BODY_TIMEOUT, Mono.error(Problem::bodyTooSlow));
    }

    private static byte[] bytesOf(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
