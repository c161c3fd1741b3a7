package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.event;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.named;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.LogFolder.all;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(QuietLog.class)
class SegmentIndexFileTest {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    @Nested
    class Stored_beside_its_segment {

        private Path segment;

        private final SegmentIndex index = new SegmentIndex(100);

        @BeforeEach
        void an_index_of_three_events() throws IOException {
            segment = Files.createFile(Segment.path(directory, "k3f9x2", 100));
            index.add(
                    Batch.ofSingles(List.of(
                            event(100, BUILD, "job.started"),
                            event(104, DEPLOY, "job.failed"),
                            event(105, "", "monitor.anomaly"))),
                    0);
            index.countDamaged(2);
            SegmentIndexFile.save(segment, 4_711, 60, index);
        }

        @Test
        void it_is_read_back_as_it_was() {
            SegmentIndexFile.Stored stored = SegmentIndexFile.load(segment, 4_711);

            assertThat(stored.age()).isEqualTo(60);
            assertThat(stored.index().baseId()).isEqualTo(100);
            assertThat(stored.index().damagedLines()).isEqualTo(2);
            assertThat(stored.index().traces().list()).isEqualTo(index.traces().list());
            SegmentIndex.Columns rows = stored.index().columns();
            assertThat(rows.count()).isEqualTo(3);
            assertThat(rows.ids()).isEqualTo(Arrays.copyOf(index.columns().ids(), 3));
            assertThat(rows.offsets()).isEqualTo(Arrays.copyOf(index.columns().offsets(), 3));
            assertThat(stored.index().wanted(EventFilter.job(DEPLOY)).passes(rows, 1))
                    .isTrue();
            assertThat(stored.index().wanted(named("monitor.*")).passes(rows, 2))
                    .isTrue();
        }

        @Test
        void readers_get_its_rows_and_names_and_no_account_of_jobs() {
            SegmentIndex forReaders = SegmentIndexFile.loadReadOnly(segment, 4_711);

            assertThat(forReaders.traces().isEmpty()).isTrue();
            assertThat(forReaders.columns())
                    .usingRecursiveComparison()
                    .isEqualTo(index.readOnly().columns());
            assertThat(forReaders.bytes()).isEqualTo(index.readOnly().bytes()).isLessThan(index.bytes());
            assertThat(SegmentIndexFile.loadReadOnly(segment, 4_712)).isNull();
        }

        @Test
        void nothing_is_left_of_one_that_could_not_be_stored() throws IOException {
            Path place = SegmentIndexFile.beside(segment);
            Files.delete(place);
            Files.createDirectories(place.resolve("in-the-way"));

            assertThat(catchThrowable(() -> SegmentIndexFile.save(segment, 4_711, 60, index)))
                    .isInstanceOf(IOException.class);

            assertThat(Path.of(place + ".new")).doesNotExist();
        }

        @Test
        void it_can_be_added_to() {
            SegmentIndex again = SegmentIndexFile.load(segment, 4_711).index();

            again.add(Batch.ofSingles(List.of(event(106, DEPLOY, "job.started"))), 4_711);

            assertThat(again.columns().count()).isEqualTo(4);
            assertThat(again.columns().offsets()[3]).isEqualTo(4_711);
            assertThat(again.traces().get(1).jobEvents())
                    .containsOnly(Map.entry("job.failed", 104L), Map.entry("job.started", 106L));
        }

        @Test
        void it_is_not_taken_for_that_of_a_segment_of_another_size() {
            assertThat(SegmentIndexFile.load(segment, 4_710)).isNull();
            assertThat(SegmentIndexFile.load(segment, 4_712)).isNull();
        }

        @Test
        void it_is_not_taken_for_that_of_another_segment() throws IOException {
            Path other = Files.createFile(Segment.path(directory, "k3f9x2", 101));

            assertThat(SegmentIndexFile.load(other, 4_711)).isNull();
        }

        @Test
        void it_is_not_trusted_when_somebody_else_has_written_to_the_segment() throws IOException {
            FileTime written = Files.getLastModifiedTime(segment);
            Files.setLastModifiedTime(segment, FileTime.from(written.toInstant().plusMillis(1)));

            assertThat(SegmentIndexFile.load(segment, 4_711)).isNull();
        }

        @Test
        void it_is_not_trusted_with_any_byte_changed() throws IOException {
            byte[] whole = Files.readAllBytes(SegmentIndexFile.beside(segment));
            for (int at = 0; at < whole.length; at++) {
                for (int change : new int[] {0x01, 0x80, 0xFF}) {
                    byte[] damaged = whole.clone();
                    damaged[at] ^= (byte) change;
                    Files.write(SegmentIndexFile.beside(segment), damaged);
                    assertThat(SegmentIndexFile.load(segment, 4_711))
                            .as("byte %d changed by %d", at, change)
                            .isNull();
                }
            }
        }

        @Test
        void it_is_not_trusted_when_any_of_its_end_is_missing() throws IOException {
            byte[] whole = Files.readAllBytes(SegmentIndexFile.beside(segment));
            for (int length = 0; length < whole.length; length++) {
                Files.write(SegmentIndexFile.beside(segment), Arrays.copyOf(whole, length));
                assertThat(SegmentIndexFile.load(segment, 4_711))
                        .as("cut at %d", length)
                        .isNull();
            }
        }

        @Test
        void it_is_replaced_whole_or_not_at_all() throws IOException {
            SegmentIndex other = new SegmentIndex(100);
            Path temporary = Path.of(SegmentIndexFile.beside(segment) + ".new");
            Files.createDirectory(temporary);

            assertThat(catchThrowable(() -> SegmentIndexFile.save(segment, 5_000, 61, other)))
                    .isInstanceOf(IOException.class);
            assertThat(SegmentIndexFile.load(segment, 4_711)).isNotNull();
            Files.delete(temporary);
            SegmentIndexFile.save(segment, 5_000, 61, other);

            assertThat(SegmentIndexFile.load(segment, 4_711)).isNull();
            assertThat(SegmentIndexFile.load(segment, 5_000).age()).isEqualTo(61);
        }
    }

    /** An index is a shortcut: whatever becomes of it, the answers are the same. */
    @Nested
    class Of_a_log_that_starts {

        private LogFolder folder;
        private List<Object> answers;

        @BeforeEach
        void three_segments() {
            folder = new LogFolder(directory.resolve("log")).withSegmentsOf(600);
            FileEventLog log = folder.open();
            for (int n = 1; n <= 12; n++) {
                append(log, n % 4 == 0 ? draft(DEPLOY, "job.started") : line(BUILD, "line " + n));
            }
            answers = expectedOf(log);
            close(log);
            assertThat(folder.segments()).hasSize(3);
            assertThat(folder.files(".idx")).hasSize(3);
        }

        @Test
        void may_be_missing() {
            for (Path index : folder.files(".idx")) {
                LogFolder.delete(index);
                assertSameAnswers("without " + index);
            }
        }

        @Test
        void may_all_be_missing() {
            folder.files(".idx").forEach(LogFolder::delete);

            assertSameAnswers("without any");
            assertThat(folder.files(".idx")).as("made anew").hasSize(3);
        }

        @Test
        void may_be_damaged_at_any_place() throws IOException {
            damageEach(
                    "changed at %d of %s",
                    7, (whole, at) -> {
                        byte[] damaged = whole.clone();
                        damaged[at] ^= 0x55;
                        return damaged;
                    });
        }

        @Test
        void may_be_cut_at_any_place() throws IOException {
            damageEach("cut at %d of %s", 13, Arrays::copyOf);
        }

        @Test
        void may_be_of_an_earlier_stage_of_its_segment() throws IOException {
            Path newest = folder.segments().get(2);
            byte[] early = Files.readAllBytes(SegmentIndexFile.beside(newest));
            FileEventLog log = folder.open();
            append(log, line(BUILD, "line 13"));
            answers = expectedOf(log);
            close(log);
            assertThat(folder.segments()).hasSize(3);

            Files.write(SegmentIndexFile.beside(newest), early);

            assertSameAnswers("an earlier index");
        }

        @Test
        void may_be_that_of_a_neighbour() throws IOException {
            List<Path> indexes = folder.files(".idx");
            Files.copy(indexes.get(0), indexes.get(1), StandardCopyOption.REPLACE_EXISTING);

            assertSameAnswers("a neighbour's index");
        }

        @Test
        void may_be_impossible_to_store() throws IOException {
            for (Path index : folder.files(".idx")) {
                LogFolder.delete(index);
                Files.createDirectory(Path.of(index + ".new"));
            }

            assertSameAnswers("no index can be stored");
        }

        @Test
        void is_removed_when_its_segment_is_gone_and_so_are_parts_of_any() {
            Path newest = folder.segments().get(2);
            String part = SegmentIndexFile.beside(newest).getFileName() + ".new";
            for (String name : List.of("k3f9x2-00000000000000000001.idx", part)) {
                LogFolder.write(folder.path().resolve(name), "whatever");
            }
            for (String name : List.of("notes.idx", "notes.idx.new")) {
                LogFolder.write(folder.path().resolve(name), "of somebody else");
            }

            assertSameAnswers("with parts");

            assertThat(folder.files(".idx.new")).containsExactly(folder.path().resolve("notes.idx.new"));
            assertThat(folder.files(".idx")).hasSize(4).contains(folder.path().resolve("notes.idx"));
        }

        private interface Damage {
            byte[] done(byte[] whole, int at);
        }

        private void damageEach(String what, int step, Damage damage) throws IOException {
            for (Path index : folder.files(".idx")) {
                byte[] whole = Files.readAllBytes(index);
                for (int at = 0; at < whole.length; at += step) {
                    Files.write(index, damage.done(whole, at));
                    assertSameAnswers(String.format(what, at, index));
                }
            }
        }

        private void assertSameAnswers(String why) {
            FileEventLog log = folder.open();
            assertThat(answersOf(log, log.takeJobsFound())).as(why).isEqualTo(answers);
            assertThat(log.health()).as(why).isEqualTo(LogHealth.GOOD);
            close(log);
        }

        private static List<Object> expectedOf(FileEventLog log) {
            SegmentIndex index = new SegmentIndex(1);
            index.add(Batch.ofSingles(all(log)), 0);
            return answersOf(log, index.traces().list());
        }

        private static List<Object> answersOf(FileEventLog log, Collection<JobTrace> jobs) {
            return List.of(
                    log.epoch(),
                    log.bounds(),
                    all(log),
                    all(log, EventFilter.job(DEPLOY), 1),
                    all(log, named("*.line"), 5),
                    beforeLast(log, 2, EventFilter.job(DEPLOY)),
                    Set.copyOf(jobs));
        }
    }
}
