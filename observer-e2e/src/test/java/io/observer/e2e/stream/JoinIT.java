package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where the past of a stream meets its present there is neither a hole nor a repeat. */
class JoinIT {

    private static final int ROUNDS = 30;

    /** Less than a reader's buffer holds, so that no gap is ever in order. */
    private static final int EVENTS = 250;

    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.log.max-entries=100000");
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void readers_that_join_at_any_moment_of_a_publisher_at_full_speed_get_everything_once() {
        Random random = new Random(20261121);
        for (int round = 0; round < ROUNDS; round++) {
            String job = "round-" + round;
            Published before = publisher.publish("another", round);
            CountDownLatch started = new CountDownLatch(1 + random.nextInt(40));
            int batch = 1 + random.nextInt(10);
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishAll(job, batch, started));

            awaitAll(started);
            try (SseRecorder global = SseRecorder.open(server, "/v1/events/stream?since=" + before.cursor());
                    SseRecorder ofTheJob = SseRecorder.open(server, "/v1/jobs/" + job + "/events/stream?since=0");
                    SseRecorder filtered = SseRecorder.open(server, "/v1/events/stream?since=earliest&job=" + job)) {
                for (SseRecorder reader : List.of(global, ofTheJob, filtered)) {
                    assertThatItGetsEverythingOnce(reader);
                }
            }
            publishing.join();
        }
        assertThatTheWholePastIsThereInOrder();
    }

    private static void assertThatItGetsEverythingOnce(SseRecorder reader) {
        reader.next("hello");
        List<SseFrame> frames = reader.next(EVENTS + 1);
        assertThat(frames.stream().filter(frame -> frame.is("caught_up"))).hasSize(1);
        assertThat(frames.stream().filter(SseFrame::isEvent).map(frame -> frame.payload("n")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, EVENTS).boxed().toList());
    }

    private static void publishAll(String job, int batch, CountDownLatch started) {
        try {
            for (int n = 1; n <= EVENTS; n += batch) {
                int last = Math.min(EVENTS, n + batch - 1);
                if (n == last) {
                    publisher.publish(job, n);
                } else {
                    publisher.publish(job, n, last);
                }
                started.countDown();
            }
        } finally {
            while (started.getCount() > 0) {
                started.countDown();
            }
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A replay of thousands of events, with more of them coming meanwhile. */
    private static void assertThatTheWholePastIsThereInOrder() {
        try (SseRecorder reader = SseRecorder.open(server, "/v1/events/stream?since=0")) {
            reader.next("hello");
            long newest = publisher.publish("tail", 1, EVENTS).get(EVENTS - 1).id();
            List<SseFrame> frames = reader.through(newest);
            assertThat(frames.stream().filter(SseFrame::isEvent).map(SseFrame::eventId))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, newest).boxed().toList());
        }
    }
}
