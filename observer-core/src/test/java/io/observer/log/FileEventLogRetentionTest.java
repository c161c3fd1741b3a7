package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.named;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.EventLogContract.ids;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file log lets go of, and that it takes whole segments. */
class FileEventLogRetentionTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Ids of four digits, so that all lines have one length. */
    private static final long FIRST = 1_001;

    private static final EventDraft LINE = line(BUILD, "x");
    private static final int LINE_BYTES = LINE.at(FIRST).json().length + 1;

    /** Ten lines. */
    private static final int SEGMENT = 10 * LINE_BYTES;

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private LogFolder folder;

    @BeforeEach
    void a_folder() {
        folder = new LogFolder(directory.resolve("log")).withSegmentsOf(SEGMENT);
        folder.putSegment("k3f9x2", FIRST, "");
        folder.putIdentity("k3f9x2", FIRST - 1);
    }

    @Nested
    class By_bytes {

        @BeforeEach
        void room_for_eight_segments() {
            folder.keeping(LogFolder.WEEK, 8 * SEGMENT);
        }

        @Test
        void keeps_all_that_fits() {
            FileEventLog log = folder.open();

            publish(log, 80);

            assertThat(folder.segments()).hasSize(8);
            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST, FIRST + 79));
        }

        @Test
        void takes_the_oldest_segment_whole_when_one_byte_more_is_there_than_may_be() {
            FileEventLog log = folder.open();
            publish(log, 80);
            Path oldest = folder.segments().get(0);

            publish(log, 1);

            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 10, FIRST + 80));
            assertThat(oldest).doesNotExist();
            assertThat(SegmentIndexFile.beside(oldest)).doesNotExist();
            assertThat(idsOf(read(log, FIRST + 9))).isEqualTo(ids(FIRST + 10, FIRST + 80));
        }

        @Test
        void tries_each_second_to_remove_a_file_that_cannot_be_removed() throws IOException {
            FileEventLog log = folder.open();
            publish(log, 80);
            Path oldest = folder.segments().get(0);
            Files.delete(oldest);
            Path inTheWay = Files.createDirectories(oldest.resolve("in the way"));

            publish(log, 20);

            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 20, FIRST + 99));
            assertThat(oldest).exists();
            Files.delete(inTheWay);
            folder.tend();
            assertThat(oldest).doesNotExist();
            assertThat(folder.segments()).hasSize(8);
        }

        @Test
        void says_exactly_which_ids_are_gone() {
            FileEventLog log = folder.open();
            publish(log, 100);

            assertThat(log.bounds().firstId()).isEqualTo(FIRST + 20);
            assertThat(read(log, FIRST + 4).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST + 5, FIRST + 19, 15L));
            assertThat(read(log, FIRST + 18).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST + 19, FIRST + 19, 1L));
            assertThat(read(log, FIRST + 19).gap()).isNull();
            assertThat(read(log, FIRST + 4, named("log.*"), 3).gap())
                    .isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST + 5, FIRST + 19, null));
            assertThat(idsOf(read(log, FIRST + 4, EventFilter.all(), 2))).containsExactly(FIRST + 20, FIRST + 21);
            assertThat(beforeLast(log, 1_000, EventFilter.all())).isEqualTo(FIRST + 19);
        }

        @Test
        void says_the_same_after_a_restart() {
            FileEventLog log = folder.open();
            publish(log, 100);
            LogPage page = read(log, FIRST + 4);
            LogFolder killed = folder.killed();
            close(log);

            assertThat(read(folder.open(), FIRST + 4)).isEqualTo(page);
            assertThat(read(killed.open(), FIRST + 4)).isEqualTo(page);
        }

        @Test
        void takes_at_a_start_what_a_smaller_setting_has_no_room_for() {
            FileEventLog log = folder.open();
            publish(log, 80);
            close(log);

            FileEventLog again = folder.keeping(LogFolder.WEEK, 4 * SEGMENT).open();
            folder.tend();

            assertThat(again.bounds()).isEqualTo(new LogBounds(FIRST + 40, FIRST + 79));
            assertThat(folder.segments()).hasSize(4);
        }

        @Test
        void keeps_the_newest_segment_however_large_it_is() {
            FileEventLog log = folder.open();
            publish(log, 5);

            append(log, Collections.nCopies(200, LINE));

            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 5, FIRST + 204));
            assertThat(folder.segments()).hasSize(1);
            publish(log, 1);
            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 205, FIRST + 205));
        }

        @Test
        void a_batch_is_never_divided_between_segments() {
            FileEventLog log = folder.open();
            publish(log, 9);

            append(log, Collections.nCopies(3, LINE));

            assertThat(folder.segments()).hasSize(2);
            assertThat(LogFolder.read(folder.segments().get(0)).lines()).hasSize(9);
            assertThat(LogFolder.read(folder.segments().get(1)).lines()).hasSize(3);
        }
    }

    @Nested
    class By_age {

        @BeforeEach
        void an_hour() {
            folder.keeping(HOUR, 1L << 30);
        }

        @Test
        void keeps_a_segment_until_its_newest_event_is_older_than_that() {
            FileEventLog log = folder.open();
            publish(log, 10);
            folder.pass(Duration.ofMinutes(1));
            publish(log, 10);

            folder.pass(HOUR.minus(Duration.ofMinutes(1)));
            assertThat(log.bounds()).as("exactly as old").isEqualTo(new LogBounds(FIRST, FIRST + 19));
            folder.pass(SECOND);

            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 10, FIRST + 19));
            assertThat(read(log, FIRST - 1).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST, FIRST + 9, 10L));
            assertThat(folder.segments()).hasSize(1);
        }

        @Test
        void lets_the_newest_segment_go_too_and_ids_go_on() {
            FileEventLog log = folder.open();
            publish(log, 5);

            folder.pass(HOUR.plus(SECOND));

            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 5, FIRST + 4));
            assertThat(log.bounds().isEmpty()).isTrue();
            assertThat(read(log, FIRST - 1))
                    .isEqualTo(new LogPage(
                            List.of(), FIRST + 4, false, new Gap(Gap.Reason.EVICTED, FIRST, FIRST + 4, 5L)));
            assertThat(beforeLast(log, 10, EventFilter.all())).isEqualTo(FIRST + 4);
            assertThat(folder.lines()).isEmpty();
            assertThat(append(log, LINE).firstId()).isEqualTo(FIRST + 5);
            assertThat(idsOf(read(log, FIRST + 4))).containsExactly(FIRST + 5);
        }

        @Test
        void an_empty_log_keeps_its_epoch_and_its_ids_through_restarts() {
            FileEventLog log = folder.open();
            publish(log, 5);
            folder.pass(HOUR.plus(SECOND));
            LogFolder killed = folder.killed();
            close(log);

            for (FileEventLog again : List.of(folder.open(), killed.open())) {
                assertThat(again.epoch()).isEqualTo("k3f9x2");
                assertThat(again.bounds()).isEqualTo(new LogBounds(FIRST + 5, FIRST + 4));
                assertThat(again.takeJobsFound()).isEmpty();
                assertThat(append(again, LINE).firstId()).isEqualTo(FIRST + 5);
                assertThat(read(again, FIRST + 1).gap())
                        .isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST + 2, FIRST + 4, 3L));
            }
        }

        @Test
        void a_quiet_empty_log_makes_no_files() {
            FileEventLog log = folder.open();
            publish(log, 5);
            folder.pass(HOUR.plus(SECOND));
            List<Path> files = folder.files("");

            for (int n = 0; n < 5; n++) {
                folder.pass(HOUR.plus(SECOND));
            }

            assertThat(folder.files("")).isEqualTo(files);
            assertThat(log.bounds().lastId()).isEqualTo(FIRST + 4);
        }

        @Test
        void a_slow_log_begins_a_segment_now_and_then_so_that_old_events_need_not_wait_for_many_new_ones() {
            FileEventLog log = folder.withSegmentsOf(64 << 20).open();
            for (int minute = 0; minute < 240; minute += 2) {
                folder.pass(Duration.ofMinutes(2));
                append(log, draft(BUILD, "a"));
            }

            long kept = log.bounds().lastId() - log.bounds().firstId() + 1;

            assertThat(kept).as("an hour of them, and at most an eighth more").isBetween(30L, 36L);
        }

        @Test
        void time_without_a_server_does_not_count() {
            FileEventLog log = folder.open();
            publish(log, 5);
            folder.pass(Duration.ofMinutes(40));
            close(log);
            folder.ticker.advance(Duration.ofDays(30));

            FileEventLog again = folder.open();
            folder.tend();
            assertThat(again.bounds()).isEqualTo(new LogBounds(FIRST, FIRST + 4));
            folder.pass(Duration.ofMinutes(20));
            assertThat(again.bounds().isEmpty()).isFalse();
            folder.pass(SECOND);

            assertThat(again.bounds().isEmpty()).isTrue();
        }

        @Test
        void a_segment_whose_index_was_lost_counts_as_written_when_it_was_found_and_not_at_every_start() {
            FileEventLog log = folder.open();
            publish(log, 25);
            folder.pass(Duration.ofMinutes(30));
            close(log);
            folder.files(".idx").forEach(LogFolder::delete);

            for (int start = 0; start < 4; start++) {
                FileEventLog again = folder.open();
                folder.pass(Duration.ofMinutes(15));
                assertThat(again.bounds().firstId()).isEqualTo(FIRST);
                close(again);
            }
            FileEventLog last = folder.open();
            folder.pass(SECOND);

            assertThat(last.bounds().isEmpty()).isTrue();
        }

        @Test
        void a_log_that_lost_its_identity_still_knows_how_old_its_segments_are() {
            FileEventLog log = folder.open();
            folder.pass(Duration.ofHours(500));
            publish(log, 25);
            close(log);
            LogFolder.delete(folder.path().resolve("identity.properties"));

            FileEventLog again = folder.open();
            folder.tend();
            assertThat(again.bounds().firstId()).isEqualTo(FIRST);
            folder.pass(HOUR.plus(SECOND));

            assertThat(again.bounds().isEmpty()).isTrue();
        }

        @Test
        void neither_the_timestamps_of_events_nor_those_of_files_matter() {
            FileEventLog log = folder.open();
            append(log, draft("{\"event\":\"of.1970\",\"timestamp\":0}"));
            append(log, draft("{\"event\":\"of.2100\",\"timestamp\":4102444800}"));
            append(log, draft("{\"event\":\"of.1901\",\"timestamp\":-2147483648}"));
            close(log);
            folder.files("").forEach(file -> file.toFile().setLastModified(1_000));

            FileEventLog again = folder.open();
            folder.pass(HOUR);
            assertThat(idsOf(read(again, FIRST - 1))).isEqualTo(ids(FIRST, FIRST + 2));
            folder.files("").forEach(file -> file.toFile().setLastModified(4_102_444_800_000L));
            folder.pass(SECOND);

            assertThat(again.bounds().isEmpty()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(Durability.class)
        void what_expires_while_a_reader_pages_through_is_told_as_a_gap(Durability durability) {
            FileEventLog log = folder.with(durability).open();
            for (int n = 0; n < 6; n++) {
                publish(log, 10);
                folder.pass(Duration.ofMinutes(10));
            }

            LogPage first = read(log, FIRST - 1, EventFilter.all(), 15);
            assertThat(idsOf(first)).isEqualTo(ids(FIRST, FIRST + 14));
            folder.pass(Duration.ofMinutes(20).plus(SECOND));
            LogPage second = read(log, first.covered(), EventFilter.all(), 15);

            assertThat(second.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, FIRST + 15, FIRST + 29, 15L));
            assertThat(idsOf(second)).isEqualTo(ids(FIRST + 30, FIRST + 44));
        }
    }

    @Nested
    class When_the_disk_fails {

        @Test
        void old_segments_still_go_since_they_may_be_what_it_is_full_of() {
            FileEventLog log = folder.keeping(HOUR, 1L << 30).open();
            publish(log, 10);
            folder.pass(Duration.ofMinutes(30));
            publish(log, 5);
            folder.disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE);
            log.append(List.of(LINE)).onErrorComplete().block();
            assertThat(log.health().fault()).isNotNull();

            folder.pass(Duration.ofMinutes(30).plus(SECOND));

            assertThat(log.health().fault()).isNotNull();
            assertThat(log.bounds()).isEqualTo(new LogBounds(FIRST + 10, FIRST + 14));
        }

        @Test
        void a_segment_that_is_due_is_never_left_with_a_torn_end() {
            FileEventLog log = folder.keeping(HOUR, 1L << 30).open();
            publish(log, 5);
            folder.disk.halveOn(request -> request.isOn(".jsonl"));
            folder.disk.failOn(request -> request.call() == FaultyDisk.Call.TRUNCATE
                    || (request.call() == FaultyDisk.Call.WRITE && request.number() % 2 == 0));
            log.append(List.of(LINE, LINE, LINE)).onErrorComplete().block();
            folder.disk.watch(request -> {
                if (request.call() == FaultyDisk.Call.OPEN && request.isOn(".jsonl")) {
                    assertThat(folder.lines()).as("when the next is begun").hasSize(5);
                }
            });
            folder.pass(HOUR.plus(SECOND));
            folder.disk.heal();

            folder.tend();

            assertThat(folder.lines()).isEmpty();
            assertThat(append(log, LINE).firstId()).isEqualTo(FIRST + 5);
            assertThat(folder.lines()).containsExactly(LINE.at(FIRST + 5).jsonText());
            assertThat(idsOf(read(folder.killed().open(), FIRST + 4))).containsExactly(FIRST + 5);
        }
    }

    /** One append an event. */
    private static void publish(EventLog log, int count) {
        for (int n = 0; n < count; n++) {
            append(log, LINE);
        }
    }
}
