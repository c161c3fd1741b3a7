package io.observer.e2e.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.SseFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Publishers on every node, readers that hop between them, and what has to be true of all they saw. */
final class SharedLoad {

    private final AtomicBoolean publishingIsOver = new AtomicBoolean();
    private final AtomicBoolean readingIsOver = new AtomicBoolean();
    private final List<NodePublisher> publishers;
    private final List<HoppingReader> readers;
    private final List<CompletableFuture<Void>> publishing;
    private final List<CompletableFuture<Void>> reading;

    private SharedLoad(Nodes nodes, int each) {
        publishers = IntStream.range(0, each)
                .mapToObj(n -> new NodePublisher(n, nodes, publishingIsOver))
                .toList();
        readers = IntStream.range(0, each)
                .mapToObj(n -> new HoppingReader(n, nodes, readingIsOver))
                .toList();
        publishing = publishers.stream().map(SharedLoad::run).toList();
        reading = readers.stream().map(SharedLoad::run).toList();
    }

    /** Starts {@code each} publishers and as many readers. */
    static SharedLoad start(Nodes nodes, int each) {
        return new SharedLoad(nodes, each);
    }

    private static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, task -> new Thread(task).start());
    }

    /** Waits until every publisher has had so many more events accepted than now. */
    void awaitAccepted(int more) {
        Map<NodePublisher, Integer> enough = publishers.stream()
                .collect(Collectors.toMap(p -> p, p -> p.accepted().size() + more));
        Awaitility.await(more + " accepted events of each publisher")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> publishers.stream()
                        .allMatch(publisher -> publisher.accepted().size() >= enough.get(publisher)));
    }

    /** Waits until every publisher was refused since now. */
    void awaitRefused() {
        Map<NodePublisher, Integer> before =
                publishers.stream().collect(Collectors.toMap(p -> p, NodePublisher::refusals));
        Awaitility.await("a refusal of each publisher")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> publishers.stream().allMatch(publisher -> publisher.refusals() > before.get(publisher)));
    }

    /** Ends publishing, lets the readers come to the end of the log, and ends them. */
    void end() {
        publishingIsOver.set(true);
        publishing.forEach(CompletableFuture::join);
        readingIsOver.set(true);
        reading.forEach(CompletableFuture::join);
        long last =
                accepted().values().stream().mapToLong(Long::longValue).max().orElseThrow();
        readers.forEach(reader -> reader.readThrough(last));
    }

    /** One order, nothing lost, nothing twice, and no gap. */
    void assertNothingMissed() {
        List<SseFrame> log = readers.get(0).events();
        for (HoppingReader reader : readers) {
            assertThat(reader.gaps()).as("gaps after %d hops", reader.hops()).isEmpty();
            assertThat(reader.hops()).isGreaterThan(3);
        }
        int shortest = readers.stream()
                .mapToInt(reader -> reader.events().size())
                .min()
                .orElseThrow();
        for (HoppingReader reader : readers) {
            assertThat(data(reader.events()).subList(0, shortest))
                    .isEqualTo(data(log).subList(0, shortest));
            for (int n = 0; n < reader.events().size(); n++) {
                assertThat(reader.events().get(n).eventId()).isEqualTo(n + 1L);
            }
        }
        assertAcceptedOnce(log);
    }

    /** Every event that was accepted is in {@code log} once, under the id that its publisher was told. */
    void assertAcceptedOnce(List<SseFrame> log) {
        Map<String, List<Long>> seen = new HashMap<>();
        for (SseFrame frame : log) {
            String name = frame.json().required("job_id").stringValue() + "/"
                    + frame.json().required("data").required("n").intValue();
            seen.computeIfAbsent(name, n -> new ArrayList<>()).add(frame.eventId());
        }
        assertThat(seen.values()).as("seen twice").allMatch(ids -> ids.size() == 1);
        assertThat(accepted()).isNotEmpty();
        accepted()
                .forEach((name, id) -> assertThat(seen.get(name)).as("%s", name).isEqualTo(List.of(id)));
    }

    List<HoppingReader> readers() {
        return readers;
    }

    int acceptedCount() {
        return accepted().size();
    }

    private Map<String, Long> accepted() {
        Map<String, Long> all = new HashMap<>();
        publishers.forEach(publisher -> all.putAll(publisher.accepted()));
        return all;
    }

    private static List<String> data(List<SseFrame> events) {
        return events.stream().map(SseFrame::data).toList();
    }
}
