package io.observer.web.api;

import io.netty.channel.Channel;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The body of a request below WebFlux. Mostly it came with the head; only where it did not, time is kept. */
final class ExpressBody {

    private static final byte[] NONE = new byte[0];

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private @Nullable Future<?> deadline;

    private ExpressBody(HttpServerRequest request, HttpServerResponse response) {
        this.request = request;
        this.response = response;
    }

    /** The bytes of the body, none if there is none; a problem when they do not come in time. */
    static Mono<byte[]> of(HttpServerRequest request, HttpServerResponse response) {
        return Mono.create(new ExpressBody(request, response)::read);
    }

    private void read(MonoSink<byte[]> sink) {
        Disposable reading =
                request.receive().aggregate().asByteArray().defaultIfEmpty(NONE).subscribe(sink::success, sink::error);
        if (!reading.isDisposed()) {
            response.withConnection(connection -> await(connection.channel(), sink));
            sink.onDispose(() -> {
                cancelDeadline();
                reading.dispose();
            });
        }
    }

    private void await(Channel channel, MonoSink<byte[]> sink) {
        deadline = channel.eventLoop()
                .schedule(
                        () -> sink.error(RequestBody.tooSlow()), RequestBody.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        // See RequestBody.resumeReading.
        channel.eventLoop().execute(channel::read);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
