package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SseRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, of which one takes in what the other has. */
@Timeout(180)
class ChainIT {

    private static final int BATCH = 500;

    @TempDir
    private Path directory;

    private ObserverServer first;
    private ObserverServer second;
    private int published;

    @Test
    @Tag("long")
    void everything_is_passed_on_once_and_in_order_while_either_is_killed_and_started_again() {
        try {
            first = first();
            second = second();
            await().until(this::isConnected);

            publish(10);
            first.kill();
            first = first();
            publish(10);
            second.kill();
            publish(5);
            second = second();
            publish(10);
            first.terminate();
            first = first();
            second.terminate();
            publish(5);
            second = second();

            List<Integer> expected = IntStream.rangeClosed(1, published).boxed().toList();
            await().atMost(Duration.ofSeconds(60)).until(() -> new HttpApi(second).lastId() >= published);
            Story story = Story.of(second, "chain");
            assertThat(story.dataOf("log.line").stream()
                            .map(data -> data.get("n").asInt()))
                    .containsExactlyElementsOf(expected);
            assertThat(new HttpApi(second).lastId()).isEqualTo(published);
        } finally {
            second.close();
            first.close();
        }
    }

    @Test
    @Tag("long")
    void readers_of_the_second_learn_that_the_first_is_away_and_of_the_job_that_ended_meanwhile() {
        try {
            first = first();
            second = second();
            await().until(this::isConnected);
            publish(4);
            try (SseRecorder reader = SseRecorder.open(second, "/v1/events/stream?event=job.*")) {
                reader.next("hello");
                new SsePublisher(first).publish("chain", "job.started", "null");
                reader.next("job.started");

                first.kill();
                reader.next("source_disconnected");
                first = ObserverServer.start(
                        "--log",
                        "file",
                        "--data-dir",
                        directory.resolve("first").toString());
                new SsePublisher(first).publish("chain", "job.completed", "null");
                first.terminate();
                first = first();

                reader.next("job.completed");
                reader.next("source_connected");
            }
            assertThat(Story.of(second, "chain").dataOf("log.line").stream()
                            .map(data -> data.get("n").asInt()))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, published).boxed().toList());
        } finally {
            second.close();
            first.close();
        }
    }

    @Test
    void a_ring_is_not_closed_and_both_go_on() {
        String back = directory.resolve("second.sock").toString();
        try {
            // At once, so that neither waits long before it looks for the other again.
            CompletableFuture<ObserverServer> starting = CompletableFuture.supplyAsync(
                    () -> ObserverServer.start("--rpc-socket", socket(), "--daemon-socket", back));
            second = ObserverServer.start("--rpc-socket", back, "--daemon-socket", socket());
            first = starting.join();
            await().until(() -> isConnected(first) != isConnected(second));
            ObserverServer refusing = isConnected(first) ? second : first;
            ObserverServer taking = refusing == first ? second : first;

            new SsePublisher(refusing).publish("ring", 1, 3);
            await().until(() -> new HttpApi(taking).lastId() == 3);
            new SsePublisher(taking).publish("ring", 4, 4);

            await().untilAsserted(() -> assertThat(new HttpApi(refusing)
                            .json("/health")
                            .get("degraded")
                            .get(0)
                            .asString())
                    .startsWith("daemon: " + directory)
                    .contains("go round for ever"));
            assertThat(new HttpApi(refusing).lastId()).isEqualTo(3);
            assertThat(new HttpApi(taking).lastId()).isEqualTo(4);
        } finally {
            second.close();
            first.close();
        }
    }

    private void publish(int batches) {
        SsePublisher publisher = new SsePublisher(first);
        for (int i = 0; i < batches; i++) {
            publisher.publish("chain", published + 1, published + BATCH);
            published += BATCH;
        }
    }

    private boolean isConnected() {
        return isConnected(second);
    }

    private static boolean isConnected(ObserverServer server) {
        return new HttpApi(server).json("/health").get("degraded").isEmpty();
    }

    private ObserverServer first() {
        return ObserverServer.start(
                "--log", "file", "--data-dir", directory.resolve("first").toString(), "--rpc-socket", socket());
    }

    private ObserverServer second() {
        return ObserverServer.start(
                "--log", "file", "--data-dir", directory.resolve("second").toString(), "--daemon-socket", socket());
    }

    private String socket() {
        return directory.resolve("first.sock").toString();
    }
}
