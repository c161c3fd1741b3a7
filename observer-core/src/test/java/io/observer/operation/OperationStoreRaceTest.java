package io.observer.operation;

import static io.observer.operation.OperationFolder.await;
import static io.observer.operation.OperationFolder.close;
import static io.observer.operation.TestOperations.op;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Many record at once: each line stays whole, and file, ring and events have one order. */
class OperationStoreRaceTest {

    private static final int THREADS = 4;
    private static final int EACH = 500;

    @TempDir
    private Path directory;

    @RepeatedTest(3)
    void file_ring_and_events_have_one_order() {
        OperationFolder folder = new OperationFolder(directory);
        Scheduler writing = Schedulers.newSingle("test-operations");
        Scheduler publishing = Schedulers.newParallel("test-publishers", THREADS);
        AtomicInteger inconsistent = new AtomicInteger();
        try {
            OperationStore store = folder.open(folder.journal(), writing);
            await(Flux.range(0, THREADS)
                    .flatMap(thread -> Flux.range(0, EACH)
                            .map(n -> scenario(thread, n))
                            .flatMap(
                                    op -> store.record(op).doOnNext(recorded -> {
                                        StatsSnapshot stats = store.stats();
                                        if (stats.bySource().values().stream()
                                                        .mapToInt(Integer::intValue)
                                                        .sum()
                                                != stats.total()) {
                                            inconsistent.incrementAndGet();
                                        }
                                    }),
                                    16)
                            .subscribeOn(publishing))
                    .then());

            List<String> lines = folder.text().lines().toList();
            assertThat(lines).hasSize(THREADS * EACH);
            assertThat(folder.published.events())
                    .filteredOn(event -> event.name().equals("operation.observed"))
                    .extracting(OperationStoreRaceTest::dataOf)
                    .containsExactlyElementsOf(lines);
            assertThat(store.stats().recentScenarioOps())
                    .extracting(OperationDigest::stafferId)
                    .containsExactlyElementsOf(lines.subList(lines.size() - 10, lines.size()).stream()
                            .map(line -> op(line).stafferId())
                            .toList());
            assertThat(inconsistent).hasValue(0);
            close(store);
        } finally {
            writing.dispose();
            publishing.dispose();
        }
    }

    private static ObservedOp scenario(int thread, int number) {
        return op("""
                {"timestamp":"2026-11-21T07:00:00Z","source":"scenario","endpoint":"/a","success":true,\
                "staffer_id":"st-%d-%d"}""".formatted(thread, number));
    }

    private static String dataOf(Event event) {
        String json = event.jsonText();
        return json.substring(json.indexOf("\"data\":") + 7, json.lastIndexOf(",\"timestamp\":"));
    }
}
