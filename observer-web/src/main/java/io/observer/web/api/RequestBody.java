package io.observer.web.api;

import io.netty.channel.Channel;
import io.observer.web.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** The body of a request: of what type it says to be, and its bytes, in bounded size and time. */
final class RequestBody {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

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
                .doOnSubscribe(subscribed -> resumeReading(request))
                .map(RequestBody::bytesOf)
                .defaultIfEmpty(new byte[0])
                .timeout(TIMEOUT, Mono.error(RequestBody::tooSlow));
    }

    /**
     * Reactor Netty 1.3.7 stops reading a connection whose next request came before it was done with the last one: it
     * queues that request, hands it out, and never asks the channel for the rest of the body. So it is asked for here.
     */
    private static void resumeReading(ServerRequest request) {
        HttpServerResponse response =
                ServerHttpResponseDecorator.getNativeResponse(request.exchange().getResponse());
        response.withConnection(connection -> {
            Channel channel = connection.channel();
            channel.eventLoop().execute(channel::read);
        });
    }

    static Problem tooSlow() {
        return Problem.of(HttpStatus.REQUEST_TIMEOUT, "the body was not there within 10 seconds; send it at once")
                .with(HttpHeaders.CONNECTION, "close");
    }

    private static byte[] bytesOf(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
