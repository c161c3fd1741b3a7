package io.observer.e2e.operation;

import static io.observer.e2e.operation.Operations.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Operations survive their server")
class OperationsSurviveIT {

    private static final int PUBLISHERS = 4;

    /** Generations of some fifty operations, of which two are more than the ring needs. */
    private static final String[] SMALL = {
        "--observer.operations.journal-bytes=8KB", "--observer.operations.ring-size=50"
    };

    @TempDir
    private Path data;

    @Test
    void with_the_same_figures_and_clusters_and_each_end_is_told_once() {
        List<String> day = Operations.sample().subList(0, 700);
        String stats;
        List<String> open;
        List<String> closed;
        try (ObserverServer server = start()) {
            Operations.record(server, day);
            stats = Operations.stats(server).toString();
            open = clusters(server, "open");
            closed = clusters(server, "closed");
            assertThat(open).as("a day that is worth the test").isNotEmpty();
            assertThat(closed).isNotEmpty();
            server.kill();
        }
        try (ObserverServer server = start()) {
            assertThat(Operations.stats(server).toString()).as("after kill -9").isEqualTo(stats);
            assertThat(clusters(server, "open")).as("they ended long ago").isEmpty();
            assertThat(clusters(server, "closed"))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(open.stream(), closed.stream()).toList());
            Awaitility.await("all that ended while nobody ran")
                    .until(() -> told(server).size() == open.size());
            assertThat(told(server)).allMatch(change -> change.startsWith("closed "));
        }
        try (ObserverServer server = start()) {
            assertThat(Operations.stats(server).toString()).as("after a stop").isEqualTo(stats);
            assertThat(clusters(server, "closed")).hasSize(open.size() + closed.size());
            Operations.record(server, List.of(failure(1)));
            assertThat(told(server)).as("again").isEmpty();
        }
    }

    @Test
    void with_a_cluster_that_goes_on_although_most_of_its_journals_are_gone() throws IOException {
        Path journal = data.resolve("operations.jsonl");
        try (ObserverServer server = start(SMALL)) {
            Operations.record(server, failuresNow(3));
            Files.delete(journal);
            Operations.record(server, failuresNow(1));
            assertThat(Files.readAllLines(journal)).hasSize(1);
            Files.move(journal, data.resolve("away"));
            Operations.record(server, failuresNow(196));
            assertThat(new HttpApi(server).json("/health").get("degraded")).isEmpty();
            assertThat(told(server)).containsExactly("opened 5", "grown 50");
            server.kill();
        }
        try (ObserverServer server = start(SMALL)) {
            Operations.record(server, failuresNow(299));
            assertThat(told(server))
                    .as("neither a tenfold again nor one too early")
                    .isEmpty();
            Operations.record(server, failuresNow(1));
            assertThat(told(server)).containsExactly("grown 500");
            assertThat(Operations.stats(server).get("total").intValue()).isEqualTo(50);
            assertThat(Operations.stats(server).get("lifetime_total").intValue())
                    .isEqualTo(500);
        }
    }

    @Test
    void with_all_that_were_answered_when_it_is_killed_while_four_record_and_generations_change() throws IOException {
        AtomicInteger answered = new AtomicInteger();
        List<Thread> publishers = new ArrayList<>();
        try (ObserverServer server = start(SMALL)) {
            for (int n = 0; n < PUBLISHERS; n++) {
                publishers.add(publisher(server, answered));
            }
            publishers.forEach(Thread::start);
            Awaitility.await("some answers").until(() -> answered.get() >= 400);
            server.kill();
        }
        publishers.forEach(OperationsSurviveIT::join);

        long before = answered.get();
        try (ObserverServer server = start(SMALL)) {
            long total = Operations.stats(server).get("lifetime_total").longValue();
            assertThat(total)
                    .as("answered, and at most one more of each publisher")
                    .isBetween(before, before + PUBLISHERS);
            Operations.record(server, List.of(failure(1)));
            assertThat(Operations.stats(server).get("lifetime_total").longValue())
                    .isEqualTo(total + 1);
        }
        try (var files = Files.list(data)) {
            assertThat(files.map(Path::getFileName)
                            .map(Path::toString)
                            .filter(name -> name.matches("operations\\.jsonl\\.[0-9]+")))
                    .hasSize(2);
        }
    }

    @Test
    void with_all_that_were_answered_when_it_is_stopped_while_four_record() throws IOException {
        AtomicInteger answered = new AtomicInteger();
        List<Thread> publishers = new ArrayList<>();
        try (ObserverServer server = start()) {
            for (int n = 0; n < PUBLISHERS; n++) {
                publishers.add(publisher(server, answered));
            }
            publishers.forEach(Thread::start);
            Awaitility.await("some answers").until(() -> answered.get() >= 400);
            server.terminate();
            assertThat(server.exitCode()).isZero();
        }
        publishers.forEach(OperationsSurviveIT::join);

        List<String> lines = Files.readAllLines(data.resolve("operations.jsonl"));
        assertThat(lines.size()).isBetween(answered.get(), answered.get() + PUBLISHERS);
        try (ObserverServer server = start()) {
            assertThat(Operations.stats(server).get("lifetime_total").intValue())
                    .isEqualTo(lines.size());
        }
    }

    @Test
    void and_a_line_that_a_crash_cut_short_is_taken_off() throws IOException {
        Path journal = data.resolve("operations.jsonl");
        Files.writeString(
                journal,
                failure(1) + "\n{broken\n" + failure(2) + "\n" + failure(3).substring(0, 40));

        try (ObserverServer server = start()) {
            Operations.record(server, List.of(failure(4)));
            assertThat(Operations.stats(server).get("total").intValue()).isEqualTo(3);
            assertThat(server.stdout() + server.stderr())
                    .contains("file=" + journal + " line=2")
                    .contains("The last line was torn and is cut off. file=" + journal + " line=4");
        }
        assertThat(Files.readString(journal))
                .isEqualTo(failure(1) + "\n{broken\n" + failure(2) + "\n" + failure(4) + "\n");
    }

    @Test
    void and_a_second_server_is_kept_off_their_journal() {
        try (ObserverServer server = start();
                Starting second = ObserverServer.launch(
                        "serve", "--port", "0", "--log", "memory", "--data-dir", data.toString())) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.stderr())
                    .contains("observer.operations.journal: the journal " + data.resolve("operations.jsonl")
                            + " cannot be opened: another server uses it");
            Operations.record(server, List.of(failure(1)));
        }
    }

    private ObserverServer start(String... settings) {
        List<String> arguments = new ArrayList<>(List.of("--data-dir", data.toString()));
        arguments.addAll(List.of(settings));
        return ObserverServer.start(arguments.toArray(String[]::new));
    }

    /** The clusters in that state, without it. */
    private static List<String> clusters(ObserverServer server, String state) {
        return new HttpApi(server)
                .json("/v1/observer/clusters")
                .valueStream()
                .filter(cluster -> cluster.get("state").stringValue().equals(state))
                .map(cluster -> cluster.toString().replace("\"state\":\"" + state + "\"", ""))
                .toList();
    }

    /** What this server told of clusters, as state and count. */
    private static List<String> told(ObserverServer server) {
        return new HttpApi(server)
                .page("limit=1000&event=operation.failure_cluster&since=earliest")
                .get("events")
                .valueStream()
                .map(event -> event.get("data"))
                .map(change -> change.get("state").stringValue() + " " + change.get("count"))
                .toList();
    }

    private static List<String> failuresNow(int count) {
        return Stream.generate(() ->
                        failure(1).replace("2026-11-21T06:00:01Z", Instant.now().toString()))
                .limit(count)
                .toList();
    }

    /** Records one operation after the other until the server no longer answers. */
    private static Thread publisher(ObserverServer server, AtomicInteger answered) {
        return new Thread(() -> {
            try {
                for (int n : IntStream.range(0, 100_000).toArray()) {
                    if (Operations.post(server, failure(n % 60)).statusCode() != 201) {
                        return;
                    }
                    answered.incrementAndGet();
                }
            } catch (UncheckedIOException gone) {
                // As it should be.
            }
        });
    }

    private static void join(Thread publisher) {
        try {
            publisher.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(publisher.isAlive()).isFalse();
    }
}
