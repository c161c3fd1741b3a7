package io.observer.web;

import io.netty.buffer.Unpooled;
import io.observer.operation.ClusterChange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.retry.Retry;

/**
 * Tells somebody of failure clusters by HTTP, one after the other and in order. What fails is tried again, later each
 * time; what is given up, or does not fit the queue, is counted and said. Whoever hands something over never waits.
 */
final class Webhook implements Consumer<ClusterChange>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Webhook.class);

    private static final int MAX_QUEUED = 100;
    private static final int RETRIES = 6;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final URI url;
    private final HttpClient client;
    private final Retry retry;
    private final Queue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final Sinks.Many<byte[]> queue = Sinks.many().unicast().onBackpressureBuffer(waiting);
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Disposable telling;

    /**
     * @param firstPause before the second attempt; each further one waits twice as long
     * @param timer measures the pauses
     */
    Webhook(URI url, HttpClient client, Duration firstPause, Scheduler timer) {
        this.url = url;
        this.client = client.responseTimeout(ANSWER_TIMEOUT)
                .headers(headers -> headers.set("Content-Type", "application/json")
                        .set("User-Agent", "Observer/" + Version.current()));
        this.retry = Retry.backoff(RETRIES, firstPause)
                .maxBackoff(LONGEST_PAUSE)
                .scheduler(timer)
                .filter(failure -> !(failure instanceof Refused));
        this.telling = queue.asFlux().concatMap(this::tell, 1).subscribe();
    }

    /** Takes the next change; one thread at a time. */
    @Override
    public void accept(ClusterChange change) {
        if (queue.tryEmitNext(bodyOf(change)).isFailure()) {
            lost.incrementAndGet();
            log.warn("The webhook does not keep up; a change of a failure cluster is not told. url={}", shownUrl());
        }
    }

    /** Changes that were taken by the other side. */
    long told() {
        return told.get();
    }

    /** Changes that the other side never got. */
    long lost() {
        return lost.get();
    }

    /** Stops telling; what waits is not told, and the log says so. */
    @Override
    public void close() {
        if (!waiting.isEmpty()) {
            log.warn("Changes of failure clusters are not told any more. url={} count={}", shownUrl(), waiting.size());
        }
        telling.dispose();
    }

    private Mono<Void> tell(byte[] body) {
        return Mono.defer(() -> client.post()
                        .uri(url)
                        .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                        .response())
                .flatMap(Webhook::check)
                .retryWhen(retry)
                .doOnSuccess(taken -> told.incrementAndGet())
                .onErrorResume(this::giveUp);
    }

    private static Mono<Void> check(HttpClientResponse answer) {
        int status = answer.status().code();
        if (status >= 200 && status < 300) {
            return Mono.empty();
        }
        boolean mayPass = status >= 500 || status == 408 || status == 425 || status == 429;
        return Mono.error(mayPass ? new IOException("it answered " + status) : new Refused("it answered " + status));
    }

    private Mono<Void> giveUp(Throwable failure) {
        lost.incrementAndGet();
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        log.warn(
                "The webhook cannot be reached; a change of a failure cluster is not told. url={} reason={}",
                shownUrl(),
                cause.getMessage());
        return Mono.empty();
    }

    /** Without the query, which may hold a secret. */
    private String shownUrl() {
        return url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }

    private static byte[] bodyOf(ClusterChange change) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"event\":\"operation.failure_cluster\",\"data\":".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(change.json());
        body.write('}');
        return body.toByteArray();
    }

    /** The other side does not want it; asking again would change nothing. */
    private static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
