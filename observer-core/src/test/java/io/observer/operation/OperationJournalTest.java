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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("The journal of operations")
class OperationJournalTest {

    @TempDir
    private Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(OperationStore.class.getPackageName());
    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    private OperationFolder folder;

    @BeforeEach
    void a_folder() {
        folder = new OperationFolder(directory).at(START.plus(Duration.ofDays(1)));
        warnings.start();
        logger.addAppender(warnings);
        logger.setAdditive(false);
    }

    @AfterEach
    void listen_no_more() {
        logger.detachAppender(warnings);
        logger.setAdditive(true);
    }

    @Nested
    class When_it_is_read_again {

        @Test
        void passes_over_a_line_that_holds_no_operation_and_says_which() {
            folder.holding(
                    journal(success(1).jsonText(), "{not json", success(2).jsonText()));

            OperationStore store = folder.open();

            assertThat(store.stats().total()).isEqualTo(2);
            assertThat(said())
                    .containsExactly(
                            "A line holds no operation and is passed over. file=" + folder.journal() + " line=2");
        }

        @Test
        void judges_its_lines_by_the_rules_that_requests_obey() {
            folder.holding(journal(
                    "{\"endpoint\":\"\"}",
                    "{\"endpoint\":\"/a\",\"success\":\"yes\"}",
                    "[]",
                    "null",
                    success(1).jsonText() + " " + success(2).jsonText(),
                    success(3).jsonText()));

            assertThat(folder.open().stats().total()).isEqualTo(1);
            assertThat(said()).hasSize(5);
        }

        @Test
        void skips_blank_lines_without_a_word() {
            folder.holding(
                    journal("", success(1).jsonText(), "  \t\r", success(2).jsonText() + "\r"));

            assertThat(folder.open().stats().total()).isEqualTo(2);
            assertThat(said()).isEmpty();
        }

        @Test
        void gets_past_a_line_of_any_length() {
            String long1 = "{\"endpoint\":\"/a\",\"x\":\"" + "x".repeat(2_000_000) + "\"}";
            folder.holding(journal(success(1).jsonText(), long1, success(2).jsonText()));

            assertThat(folder.open().stats().total()).isEqualTo(2);
            assertThat(said()).singleElement().asString().endsWith("line=2");
        }

        @Test
        void names_twenty_bad_lines_of_a_file_and_counts_the_others() {
            folder.holding(journal(Stream.generate(() -> "bad").limit(1_000).toArray(String[]::new)));

            folder.open();

            assertThat(said()).hasSize(21).last().asString().endsWith("lines=980");
        }

        @Test
        void reads_what_holds_nothing() {
            folder.holding(new byte[0]);

            assertThat(folder.open().stats().total()).isZero();
        }

        @Test
        void has_the_newest_in_the_ring() {
            folder.withRingOf(3)
                    .holding(journal(
                            successes(10).stream().map(ObservedOp::jsonText).toArray(String[]::new)));

            StatsSnapshot stats = folder.open().stats();

            assertThat(stats.total()).isEqualTo(3);
            assertThat(stats.lifetime().total()).isEqualTo(10);
        }
    }

    @Test
    void goes_on_after_its_last_whole_line_wherever_it_was_cut() throws IOException {
        List<ObservedOp> ops = List.of(
                success(1),
                op("{\"endpoint\":\"/größe\",\"error\":\"😀 } \\\" {\",\"timestamp\":\"2026-11-21T06:00:00Z\"}"),
                op("{\"endpoint\":\"/a\",\"x\":[{\"y\":{}}],\"timestamp\":\"2026-11-21T06:00:00Z\"}"));
        byte[] whole = journal(ops.stream().map(ObservedOp::jsonText).toArray(String[]::new));

        for (int cut = 0; cut <= whole.length; cut++) {
            Path place = Files.createTempDirectory(directory, "cut");
            OperationFolder torn = new OperationFolder(place).holding(Arrays.copyOf(whole, cut));
            OperationStore store = torn.open();
            record(store, success(99));
            close(store);

            List<String> expected = Stream.concat(
                            ops.stream().limit(wholeLines(whole, cut)).map(ObservedOp::jsonText),
                            Stream.of(success(99).jsonText()))
                    .toList();
            assertThat(torn.text()).as("cut at " + cut).isEqualTo(String.join("\n", expected) + "\n");
            OperationStore again = torn.open();
            assertThat(again.stats().total()).as("cut at " + cut).isEqualTo(expected.size());
            close(again);
            remove(place);
        }
    }

    @Nested
    class That_is_full {

        @BeforeEach
        void small_generations() {
            folder.withGenerationsOf(400, 2).withRingOf(6);
        }

        @Test
        void is_put_aside_and_the_next_begun_while_the_totals_go_on() {
            OperationStore store = folder.open();

            record(store, successes(30));

            assertThat(folder.files())
                    .containsExactly(
                            "operations.jsonl",
                            "operations.jsonl.8",
                            "operations.jsonl.9",
                            "operations.jsonl.lock",
                            "operations.jsonl.totals");
            assertThat(folder.text("operations.jsonl.9").lines()).hasSize(3);
            assertThat(folder.text("operations.jsonl.totals")).isEqualTo("""
                    {"generation":10,"successes":27,"failures":0,"by_source":{"mcp":27},"followed":0}
                    """);
            assertThat(store.stats().lifetime().total()).isEqualTo(30);
        }

        @Test
        void has_the_same_totals_after_any_number_of_restarts() {
            OperationStore store = folder.open();
            record(store, successes(30));
            record(store, from("scenario", false));
            OperationTotals totals = store.stats().lifetime();
            assertThat(totals).isEqualTo(new OperationTotals(30, 1, Map.of("mcp", 30L, "scenario", 1L)));

            OperationFolder killed = folder;
            for (int n = 0; n < 3; n++) {
                killed = killed.killed();
                assertThat(killed.open().stats().lifetime()).isEqualTo(totals);
            }
        }

        @Test
        void has_the_same_totals_wherever_it_was_killed_between_two_generations() throws IOException {
            OperationStore store = folder.open();
            record(store, successes(12));
            assertThat(store.stats().lifetime().total()).isEqualTo(12);
            assertThat(folder.text().lines())
                    .as("the next operation begins a generation")
                    .hasSize(3);

            OperationFolder moved = folder.killed();
            Files.move(moved.journal(), moved.journal().resolveSibling("operations.jsonl.4"));
            OperationStore restarted = moved.open();
            assertThat(restarted.stats().lifetime().total())
                    .as("moved, nothing else")
                    .isEqualTo(12);
            record(restarted, success(13));
            assertThat(restarted.stats().lifetime().total()).isEqualTo(13);
            assertThat(moved.text("operations.jsonl.totals")).startsWith("{\"generation\":5,\"successes\":12");
            assertThat(moved.killed().open().stats().lifetime().total()).isEqualTo(13);

            record(store, success(13));
            OperationFolder begun = folder.killed();
            Files.delete(begun.journal());
            assertThat(begun.open().stats().lifetime().total())
                    .as("moved, totals stored, nothing written yet")
                    .isEqualTo(12);
        }

        @Test
        void refuses_until_the_next_can_be_begun_and_loses_no_count() {
            OperationStore store = folder.open();
            record(store, successes(3));
            folder.disk.fillUp();

            assertThat(isRefused(store, success(4))).isTrue();
            assertThat(isRefused(store, success(4))).isTrue();
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(3);
            folder.disk.makeRoom();
            folder.pass(Duration.ofSeconds(1));
            assertThat(store.faults()).isEmpty();
            record(store, success(4));

            assertThat(store.stats().lifetime().total()).isEqualTo(4);
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(4);
        }

        @Test
        void keeps_as_many_before_it_as_fill_the_ring_so_that_every_figure_is_the_same_after_a_kill() {
            OperationStore store = folder.withRingOf(20).open();

            for (int n = 0; n < 50; n++) {
                record(store, n % 7 == 0 ? from("scenario", false) : success(n));
                OperationStore restarted = folder.killed().open();
                assertThat(restarted.stats()).as("after " + n).isEqualTo(store.stats());
            }

            assertThat(store.stats().total()).isEqualTo(20);
            assertThat(folder.files())
                    .as("the others are gone")
                    .filteredOn(name -> name.matches(".*[0-9]"))
                    .hasSize(7);
        }

        @Test
        void knows_clusters_that_began_in_generations_which_are_gone_and_tells_each_tenfold_once() {
            OperationStore one = folder.at(START.plusSeconds(130)).open();
            OperationFolder restarting = new OperationFolder(directory.resolve("restarting"))
                    .withGenerationsOf(400, 1)
                    .withRingOf(2)
                    .at(START.plusSeconds(130));

            for (int n = 0; n < 120; n++) {
                ObservedOp op = n % 10 == 9 ? failure("/rare", n, "boom") : failure(n);
                record(one, op);
                OperationStore again = restarting.open();
                record(again, op);
                assertThat(again.clusters()).as("after " + n).isEqualTo(one.clusters());
                close(again);
            }

            assertThat(restarting.told).isEqualTo(folder.told);
            assertThat(restarting.told)
                    .extracting(change -> change.kind() + " " + change.cluster().count())
                    .containsExactly("OPENED 5", "OPENED 5", "GROWN 50");
        }

        @Test
        void counts_what_it_still_holds_when_its_totals_are_gone_or_damaged() throws IOException {
            OperationStore store = folder.open();
            record(store, successes(30));

            OperationFolder damaged = folder.killed();
            Files.writeString(damaged.journal().resolveSibling("operations.jsonl.totals"), "{\"generation\":");
            OperationFolder without = folder.killed();
            Files.delete(without.journal().resolveSibling("operations.jsonl.totals"));

            assertThat(damaged.open().stats().lifetime().total()).isEqualTo(9);
            assertThat(said()).singleElement().asString().startsWith("The totals cannot be read");
            OperationStore again = without.open();
            assertThat(again.stats().lifetime().total()).isEqualTo(9);
            record(again, successes(30));
            assertThat(without.killed().open().stats().lifetime().total()).isEqualTo(39);
        }
    }

    @Nested
    class Whose_file_somebody_else {

        private OperationStore store;

        @BeforeEach
        void after_three_operations() {
            store = folder.open();
            record(store, successes(3));
        }

        @Test
        void removes_is_begun_anew_and_loses_no_count() throws IOException {
            Files.delete(folder.journal());

            record(store, success(4));

            assertThat(folder.text()).isEqualTo(success(4).jsonText() + "\n");
            assertThat(store.stats().total()).isEqualTo(4);
            assertThat(store.faults()).isEmpty();
            assertThat(said())
                    .containsExactly("The journal was moved, removed or replaced by somebody else; the next generation"
                            + " begins. file=" + folder.journal() + " generation=2");
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"yesterday.jsonl", "operations.jsonl.1", "operations.jsonl.7"})
        void renames_keeps_its_lines_and_is_begun_anew(String name) throws IOException {
            Files.move(folder.journal(), folder.journal().resolveSibling(name));

            record(store, success(4));

            assertThat(folder.text(name).lines()).hasSize(3);
            assertThat(folder.text()).isEqualTo(success(4).jsonText() + "\n");
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(4);
        }

        @Test
        void replaces_as_an_editor_does_is_put_aside_and_counted_once() throws IOException {
            Path copy = folder.journal().resolveSibling("copy");
            Files.copy(folder.journal(), copy);
            Files.move(copy, folder.journal(), StandardCopyOption.REPLACE_EXISTING);

            record(store, success(4));

            assertThat(folder.text("operations.jsonl.1").lines()).hasSize(3);
            assertThat(folder.text().lines()).hasSize(1);
            StatsSnapshot again = folder.killed().open().stats();
            assertThat(again.total()).isEqualTo(4);
            assertThat(again.lifetime().total()).isEqualTo(4);
        }

        @Test
        void removes_is_begun_anew_even_if_nobody_records() throws IOException {
            Files.delete(folder.journal());

            folder.pass(Duration.ofSeconds(1));

            assertThat(folder.text()).isEmpty();
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(3);
        }

        @Test
        void takes_away_with_its_directory_says_so_and_heals() throws IOException {
            Path away = directory.resolve("away");
            Files.move(folder.journal().getParent(), away);

            assertThat(isRefused(store, success(4))).isTrue();
            folder.pass(Duration.ofSeconds(1));
            assertThat(store.faults())
                    .containsExactly("operations cannot be recorded: the journal's directory does not exist");
            Files.move(away, folder.journal().getParent());
            folder.pass(Duration.ofSeconds(1));

            assertThat(store.faults()).isEmpty();
            record(store, success(4));
            assertThat(folder.text().lines()).hasSize(4);
        }

        @Test
        void replaces_by_a_directory_says_so_and_heals() throws IOException {
            Files.delete(folder.journal());
            Files.createDirectory(folder.journal());

            assertThat(isRefused(store, success(4))).isTrue();
            assertThat(store.faults()).containsExactly("operations cannot be recorded: the journal is no regular file");
            Files.delete(folder.journal());
            record(store, success(4));

            assertThat(store.faults()).isEmpty();
            assertThat(folder.killed().open().stats().lifetime().total()).isEqualTo(4);
        }
    }

    private static boolean isRefused(OperationStore store, ObservedOp op) {
        try {
            record(store, op);
            return false;
        } catch (OperationRefusedException refused) {
            return refused.reason() == OperationRefusedException.Reason.STORAGE;
        }
    }

    private List<String> said() {
        return warnings.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Lines whose text is whole, and the last even if its line break is not there. */
    private static long wholeLines(byte[] journal, int cut) {
        long lines = 0;
        for (int i = 0; i < cut; i++) {
            lines += journal[i] == '\n' ? 1 : 0;
        }
        boolean onlyTheBreakIsMissing = cut < journal.length && journal[cut] == '\n';
        return onlyTheBreakIsMissing ? lines + 1 : lines;
    }

    private static byte[] journal(String... lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String line : lines) {
            out.writeBytes(line.getBytes(UTF_8));
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
