package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Patience;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest batches go to a queue that holds one of them, while each has to be forced to disk. */
@DisplayName("More events than may wait to be stored")
class FullQueueIT {

    private static final int BATCH = 10_000;
    private static final HttpCall LARGEST = HttpCall.publishLines("{\"event\":\"a\"}\n".repeat(BATCH));

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicReference<HttpAnswer> refusal = new AtomicReference<>();

    @TempDir
    private Path dataDir;

    @Test
    void are_refused_whole_with_a_time_to_come_again_and_then_taken() {
        try (ObserverServer server = ObserverServer.start(
                "--log=file",
                "--data-dir=" + dataDir,
                "--observer.log.durability=always",
                "--observer.log.max-queue=" + BATCH)) {
            CompletableFuture.allOf(IntStream.range(0, 8)
                            .mapToObj(n -> CompletableFuture.runAsync(
                                    () -> publishUntilOneIsRefused(server), task -> new Thread(task).start()))
                            .toArray(CompletableFuture[]::new))
                    .join();

            HttpAnswer refused =
                    Optional.ofNullable(refusal.get()).orElseThrow(() -> new AssertionError("none was refused"));
            assertThat(refused.status()).as("%s", refused).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.json().required("detail").stringValue())
                    .isEqualTo("too many events wait to be stored; try again");
            HttpApi api = new HttpApi(server);
            assertThat(api.lastId()).isEqualTo((long) accepted.get() * BATCH);
            assertThat(api.call(LARGEST).status()).isEqualTo(201);
        }
    }

    private void publishUntilOneIsRefused(ObserverServer server) {
        long end = System.nanoTime() + Patience.TIME.toNanos();
        try (HttpConnection connection = HttpConnection.open(server)) {
            while (refusal.get() == null && System.nanoTime() < end) {
                HttpAnswer answer = connection.send(LARGEST);
                if (answer.status() == 201) {
                    accepted.incrementAndGet();
                } else {
                    refusal.compareAndSet(null, answer);
                }
            }
        }
    }
}
