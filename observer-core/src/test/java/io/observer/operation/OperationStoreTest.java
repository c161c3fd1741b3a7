package io.observer.operation;

import static io.observer.operation.OperationFolder.close;
import static io.observer.operation.OperationFolder.record;
import static io.observer.operation.TestOperations.START;
import static io.observer.operation.TestOperations.failure;
import static io.observer.operation.TestOperations.from;
import static io.observer.operation.TestOperations.op;
import static io.observer.operation.TestOperations.success;
import static io.observer.operation.TestOperations.successes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.observer.event.Event;
import io.observer.log.HeldScheduler;
import io.observer.operation.OperationRefusedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The store of operations")
class OperationStoreTest {

    @TempDir
    private Path directory;

    private OperationFolder folder;

    @BeforeEach
    void a_folder() {
        folder = new OperationFolder(directory).at(START.plus(Duration.ofDays(1)));
    }

    @Test
    void writes_counts_and_publishes_what_it_records() {
        OperationStore store = folder.open();

        ObservedOp answer = record(store, op("""
                {"timestamp":"2026-11-21T07:00:00.5Z","endpoint":"/v1/search","success":true,"job_id":"build-7"}"""));

        String line = """
                {"timestamp":"2026-11-21T07:00:00.5Z","source":"mcp","endpoint":"/v1/search","success":true,\
                "job_id":"build-7"}""";
        assertThat(answer.jsonText()).isEqualTo(line);
        assertThat(folder.text()).isEqualTo(line + "\n");
        assertThat(store.stats().bySource()).isEqualTo(Map.of("mcp", 1));
        assertThat(folder.published.events())
                .extracting(Event::jsonText)
                .containsExactly("{\"id\":1,\"job_id\":\"build-7\",\"sheet_num\":0,\"event\":\"operation.observed\","
                        + "\"data\":" + line + ",\"timestamp\":1795244400.500000}");
    }

    @Test
    void publishes_what_names_no_legal_job_as_an_event_of_no_job() {
        OperationStore store = folder.open();

        record(store, op("{\"endpoint\":\"/a\",\"job_id\":\"not a name\"}"));

        assertThat(folder.published.events()).extracting(Event::jobId).containsExactly("");
    }

    @Test
    void covers_the_newest_two_thousand_with_its_figures_and_all_with_its_totals() {
        OperationStore store = folder.open();
        record(store, from("langfuse", false));

        record(store, successes(2_000));

        StatsSnapshot stats = store.stats();
        assertThat(stats.total()).isEqualTo(2_000);
        assertThat(stats.failures()).isZero();
        assertThat(stats.bySource()).isEqualTo(Map.of("mcp", 2_000));
        assertThat(stats.lifetime()).isEqualTo(new OperationTotals(2_000, 1, Map.of("langfuse", 1L, "mcp", 2_000L)));
    }

    @Test
    void keeps_nothing_on_disk_without_a_journal() {
        OperationStore store = folder.openInMemory();

        record(store, successes(3));

        assertThat(store.stats().total()).isEqualTo(3);
        assertThat(folder.publishedNames()).hasSize(3);
        assertThat(Files.exists(folder.journal().getParent())).isFalse();
        close(store);
    }

    @Nested
    class After_a_restart {

        @Test
        void has_the_same_figures() {
            OperationStore store = folder.open();
            record(store, List.of(success(1), success(2), failure(3), from("scenario", true), from("scenario", false)));
            StatsSnapshot before = store.stats();
            assertThat(before.total()).isEqualTo(5);
            assertThat(before.successes()).isEqualTo(3);
            assertThat(before.bySource()).isEqualTo(Map.of("mcp", 3, "scenario", 2));

            assertThat(folder.killed().open().stats()).as("after kill -9").isEqualTo(before);

            close(store);
            assertThat(folder.open().stats()).as("after a stop").isEqualTo(before);
        }

        @Test
        void publishes_nothing_again() {
            OperationStore store = folder.open();
            record(
                    store,
                    IntStream.range(0, 7).mapToObj(TestOperations::failure).toList());
            OperationFolder again = folder.killed().at(START.plusSeconds(60));

            OperationStore restarted = again.open();

            assertThat(again.published.events()).isEmpty();
            assertThat(again.told).isEmpty();
            assertThat(restarted.clusters()).singleElement().satisfies(cluster -> {
                assertThat(cluster.count()).isEqualTo(7);
                assertThat(cluster.open()).isTrue();
            });
        }

        @Test
        void tells_of_a_cluster_that_ended_while_nobody_ran() {
            folder.at(START.plusSeconds(60));
            OperationStore store = folder.open();
            record(
                    store,
                    IntStream.range(0, 5).mapToObj(TestOperations::failure).toList());
            OperationFolder again = folder.killed().at(START.plusSeconds(6_000));

            again.open();

            assertThat(again.publishedNames()).containsExactly("operation.failure_cluster");
            assertThat(again.told).extracting(ClusterChange::kind).containsExactly(ClusterChange.Kind.CLOSED);
            OperationFolder third = again.killed();
            third.open();
            assertThat(third.told).as("not by the run after that").isEmpty();
        }

        @Test
        void tells_of_a_cluster_that_ended_unseen_although_operations_came_after_its_end() {
            folder.at(START.plusSeconds(60));
            OperationStore store = folder.open();
            record(store, failures(5));
            record(store, success(1_000));
            OperationFolder again = folder.killed().at(START.plusSeconds(1_001));

            OperationStore restarted = again.open();

            assertThat(again.told).extracting(ClusterChange::kind).containsExactly(ClusterChange.Kind.CLOSED);
            assertThat(restarted.clusters())
                    .singleElement()
                    .satisfies(cluster -> assertThat(cluster.open()).isFalse());
        }

        @Test
        void tells_nothing_again_of_a_cluster_whose_end_was_told() {
            folder.at(START.plusSeconds(60));
            OperationStore store = folder.open();
            record(store, failures(5));
            folder.pass(Duration.ofMinutes(10));
            assertThat(folder.told).hasSize(2);
            record(store, success(1_000));
            OperationFolder again = folder.killed();

            OperationStore restarted = again.open();

            assertThat(again.told).isEmpty();
            assertThat(restarted.clusters()).isEqualTo(store.clusters()).hasSize(1);
            assertThat(restarted.stats()).isEqualTo(store.stats());
        }

        @Test
        void tells_the_end_of_a_cluster_again_if_the_log_did_not_take_it() {
            folder.at(START.plusSeconds(60));
            OperationStore store = folder.open();
            record(store, failures(5));
            folder.log.close().block();
            folder.pass(Duration.ofMinutes(10));
            OperationFolder again = folder.killed();

            again.open();

            assertThat(again.publishedNames()).containsExactly("operation.failure_cluster");
        }

        @Test
        void follows_what_comes_after_a_journal_that_was_removed_while_nobody_ran() throws Exception {
            folder.at(START.plusSeconds(60));
            record(folder.open(), failures(5));
            folder.pass(Duration.ofMinutes(10));
            OperationFolder without = folder.killed();
            Files.delete(without.journal());

            record(without.open(), failures(5));
            without.pass(Duration.ofSeconds(1));

            OperationFolder last = without.killed();
            assertThat(last.open().clusters()).hasSize(2);
        }

        private List<ObservedOp> failures(int count) {
            return IntStream.range(0, count).mapToObj(TestOperations::failure).toList();
        }
    }

    @Test
    void publishes_the_opening_and_the_end_of_a_cluster_after_the_operation_that_made_it() {
        folder.at(START.plusSeconds(10));
        OperationStore store = folder.open();

        record(store, IntStream.range(0, 5).mapToObj(TestOperations::failure).toList());
        folder.pass(Duration.ofMinutes(10));

        assertThat(folder.publishedNames())
                .containsExactly(
                        "operation.observed",
                        "operation.observed",
                        "operation.observed",
                        "operation.observed",
                        "operation.observed",
                        "operation.failure_cluster",
                        "operation.failure_cluster");
        assertThat(folder.published.events().get(5).jsonText()).contains("""
                "event":"operation.failure_cluster","data":{"endpoint":"/v1/search","source":"mcp",\
                "event_kind":"search.query","count":5,"state":"opened","first":"2026-11-21T06:00:00Z",\
                "last":"2026-11-21T06:00:04Z","sample_errors":["timeout after 30s"]}""");
        assertThat(folder.published.events().get(6).jsonText()).contains("\"count\":5,\"state\":\"closed\"");
        assertThat(folder.told)
                .extracting(ClusterChange::kind)
                .containsExactly(ClusterChange.Kind.OPENED, ClusterChange.Kind.CLOSED);
    }

    @Test
    void records_what_the_log_refuses_and_counts_what_was_not_published() {
        OperationStore store = folder.open();
        record(store, success(1));
        folder.log.close().block();

        ObservedOp answer = record(store, success(2));

        assertThat(answer).isEqualTo(success(2));
        assertThat(folder.text().lines()).hasSize(2);
        assertThat(store.stats().total()).isEqualTo(2);
        assertThat(store.unpublished()).isEqualTo(1);
        assertThat(store.faults()).containsExactly("operations are recorded but not published: the log is closed");
    }

    @Nested
    class When_the_disk_is_full {

        private OperationStore store;

        @BeforeEach
        void after_two_operations() {
            store = folder.open();
            record(store, successes(2));
        }

        @Test
        void refuses_and_counts_and_publishes_nothing() {
            folder.disk.fillUp();

            assertThat(reasonOf(success(3))).isEqualTo(Reason.STORAGE);

            assertThat(store.stats().total()).isEqualTo(2);
            assertThat(store.stats().lifetime().total()).isEqualTo(2);
            assertThat(folder.publishedNames()).hasSize(2);
            assertThat(folder.text().lines()).hasSize(2);
            assertThat(folder.text()).endsWith("\n");
            assertThat(store.faults())
                    .containsExactly("operations cannot be recorded: no space left on this test's disk");
        }

        @Test
        void heals_by_itself_when_the_next_comes() {
            folder.disk.fillUp();
            reasonOf(success(3));
            folder.disk.makeRoom();

            record(store, success(4));

            assertThat(store.faults()).isEmpty();
            assertThat(folder.killed().open().stats().total()).isEqualTo(3);
        }

        @Test
        void heals_by_itself_when_nothing_comes() {
            folder.disk.fillUp();
            reasonOf(success(3));
            folder.pass(Duration.ofSeconds(1));
            assertThat(store.faults()).hasSize(1);
            folder.disk.makeRoom();

            folder.pass(Duration.ofSeconds(1));

            assertThat(store.faults()).isEmpty();
            assertThat(folder.text().lines()).hasSize(2);
        }

        @Test
        void writes_nothing_behind_a_torn_line_that_cannot_be_taken_back() {
            folder.disk.breakDown();
            reasonOf(success(3));
            assertThat(folder.text()).as("half of a line stays").doesNotEndWith("\n");
            String torn = folder.text();

            reasonOf(success(4));
            assertThat(folder.text()).isEqualTo(torn);
            assertThat(folder.killed().open().stats().total()).isEqualTo(2);
            folder.disk.makeRoom();
            record(store, success(5));

            assertThat(folder.text().lines())
                    .containsExactly(
                            success(0).jsonText(),
                            success(1).jsonText(),
                            success(5).jsonText());
        }

        private Reason reasonOf(ObservedOp op) {
            OperationRefusedException refused =
                    catchThrowableOfType(OperationRefusedException.class, () -> record(store, op));
            assertThat(refused).isNotNull();
            return refused.reason();
        }
    }

    @Nested
    class Whose_writer_is_held {

        private final HeldScheduler writing = new HeldScheduler();
        private OperationStore store;

        @BeforeEach
        void open() {
            store = folder.open(folder.journal(), new UntimedHeld(writing).scheduler());
            writing.release();
        }

        @Test
        void writes_all_that_wait_in_one_step_and_in_their_order() {
            List<ObservedOp> answered = new ArrayList<>();
            successes(50).forEach(op -> store.record(op).subscribe(answered::add));
            assertThat(answered).isEmpty();
            assertThat(store.queueDepth()).isEqualTo(50);

            writing.release();

            assertThat(answered).isEqualTo(successes(50));
            assertThat(store.queueDepth()).isZero();
            assertThat(folder.text().lines())
                    .containsExactlyElementsOf(
                            successes(50).stream().map(ObservedOp::jsonText).toList());
        }

        @Test
        void refuses_what_is_too_much_to_wait_and_takes_more_later() {
            List<Throwable> refused = new ArrayList<>();
            ObservedOp op = success(1);
            for (int n = 0; n < OperationQueue.MAX_OPERATIONS; n++) {
                store.record(op).subscribe();
            }

            store.record(op).subscribe(nothing -> {}, refused::add);
            writing.release();
            store.record(op).subscribe(nothing -> {}, refused::add);
            writing.release();

            assertThat(refused)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            OperationRefusedException.class,
                            full -> assertThat(full.reason()).isEqualTo(Reason.FULL));
            assertThat(store.stats().lifetime().total()).isEqualTo(OperationQueue.MAX_OPERATIONS + 1);
        }

        @Test
        void refuses_too_many_bytes_too() {
            List<Throwable> refused = new ArrayList<>();
            ObservedOp large = op("{\"endpoint\":\"/a\",\"x\":\"" + "x".repeat(200_000) + "\"}");

            for (int n = 0; n < 200; n++) {
                store.record(large).subscribe(nothing -> {}, refused::add);
            }

            assertThat(store.queueDepth()).isEqualTo((int) (OperationQueue.MAX_BYTES / large.json().length));
            assertThat(refused).hasSize(200 - store.queueDepth());
        }

        @Test
        void has_everything_on_disk_when_it_is_closed_and_takes_nothing_more() {
            List<ObservedOp> answered = new ArrayList<>();
            List<String> ended = new ArrayList<>();
            successes(20).forEach(op -> store.record(op).subscribe(answered::add));

            store.close().subscribe(nothing -> {}, failure -> {}, () -> ended.add("closed"));
            assertThat(ended).isEmpty();
            writing.release();

            assertThat(answered).hasSize(20);
            assertThat(ended).containsExactly("closed");
            assertThat(folder.text().lines()).hasSize(20);
            OperationRefusedException refused =
                    catchThrowableOfType(OperationRefusedException.class, () -> record(store, success(1)));
            assertThat(refused.reason()).isEqualTo(Reason.CLOSED);
        }
    }

    @Test
    void keeps_a_second_server_off_its_journal() {
        OperationStore store = folder.open();

        assertThatExceptionOfType(JournalOpenException.class)
                .isThrownBy(folder::open)
                .withMessage("the journal " + folder.journal() + " cannot be opened: another server uses it; it must be"
                        + " a file that this user may write to, and that no other server uses");

        close(store);
        close(folder.open());
    }

    @Test
    void does_not_open_what_is_no_file() throws Exception {
        Files.createDirectories(folder.journal());

        assertThatExceptionOfType(JournalOpenException.class)
                .isThrownBy(folder::open)
                .withMessageContaining(" cannot be opened: it is no regular file; ");
    }

    @Test
    void answers_with_the_bytes_that_it_stored() {
        OperationStore store = folder.open();

        ObservedOp answer = record(store, op("{ \"endpoint\" : \"/ä\" }"));

        assertThat(folder.text().getBytes(UTF_8)).startsWith(answer.json());
    }
}
