package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.ids;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static io.observer.log.LogFolder.all;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log is after its server stopped, was killed, or went down with the machine. */
class FileEventLogRestartTest {

    private static final int SEGMENT = 1_000;

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private LogFolder folder;

    @BeforeEach
    void a_folder() {
        folder = new LogFolder(directory.resolve("log")).withSegmentsOf(SEGMENT);
    }

    @Nested
    class After_a_clean_stop {

        @Test
        void every_event_is_there_byte_for_byte() {
            FileEventLog log = folder.open();
            append(log, samples());
            append(log, lines(4));
            append(log, lines(40));
            List<Event> before = folder.output.events();
            close(log);

            FileEventLog again = folder.open();

            assertThat(all(again)).isEqualTo(before);
            assertThat(again.bounds()).isEqualTo(new LogBounds(1, before.size()));
            assertThat(folder.segments()).hasSize(3);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 3, 500})
        void whoever_cut_the_newest_events_off_does_not_get_their_ids_given_again(int bytes) throws IOException {
            FileEventLog log = folder.open();
            append(log, lines(5));
            close(log);
            Path newest = folder.segments().get(folder.segments().size() - 1);
            try (FileChannel file = FileChannel.open(newest, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - bytes);
            }

            FileEventLog again = folder.open();

            assertThat(append(again, lines(1))).isEqualTo(new Appended(6, 6));
            assertThat(all(again))
                    .hasSizeLessThan(6)
                    .last()
                    .extracting(Event::id)
                    .isEqualTo(6L);
        }

        @Test
        void the_epoch_is_kept_ids_go_on_and_cursors_stay_good() {
            FileEventLog log = folder.open();
            append(log, lines(30));
            close(log);

            FileEventLog again = folder.open();
            assertThat(append(again, lines(2))).isEqualTo(new Appended(31, 32));

            assertThat(again.epoch()).isEqualTo(log.epoch()).isEqualTo("life1");
            assertThat(folder.lives()).isEqualTo(1);
            assertThat(LogPosition.of(new Cursor("life1", 28), again)).isEqualTo(new LogPosition(28, null));
            assertThat(idsOf(read(again, 28))).containsExactly(29L, 30L, 31L, 32L);
        }

        @Test
        void nothing_is_handed_out_a_second_time() {
            FileEventLog log = folder.open();
            append(log, lines(30));
            close(log);

            FileEventLog again = folder.open();
            append(again, lines(1));

            assertThat(folder.output.ids()).isEqualTo(ids(1, 31));
        }

        @Test
        void the_next_start_reads_no_event() {
            FileEventLog log = folder.open();
            append(log, lines(40));
            close(log);
            int before = folder.disk.count(FaultyDisk.Call.READ);

            folder.open();

            assertThat(folder.disk.count(FaultyDisk.Call.READ)).isEqualTo(before);
        }

        @Test
        void it_says_so_itself_and_has_an_index_beside_each_segment() {
            FileEventLog log = folder.open();
            append(log, lines(40));
            assertThat(folder.identity().clean()).isFalse();

            close(log);

            assertThat(folder.identity().clean()).isTrue();
            assertThat(folder.identity().epoch()).isEqualTo("life1");
            assertThat(folder.segments())
                    .allSatisfy(segment -> assertThat(SegmentIndexFile.load(segment, Files.size(segment)))
                            .isNotNull());
            assertThat(folder.files(".new")).isEmpty();
        }

        @Test
        void an_append_is_refused_and_changes_no_file() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            close(log);
            List<String> lines = folder.lines();

            assertThatExceptionOfType(LogClosedException.class).isThrownBy(() -> append(log, lines(1)));
            folder.tend();

            assertThat(folder.lines()).isEqualTo(lines);
            assertThat(folder.identity().clean()).isTrue();
        }

        @Test
        void many_restarts_do_not_add_up_to_anything() {
            for (int n = 1; n <= 20; n++) {
                FileEventLog log = folder.open();
                assertThat(append(log, lines(1))).isEqualTo(new Appended(n, n));
                close(log);
            }

            FileEventLog log = folder.open();
            assertThat(all(log)).isEqualTo(folder.output.events()).hasSize(20);
            assertThat(folder.segments()).hasSizeLessThan(5);
            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
        }

        @Test
        void a_log_that_never_had_an_event_keeps_its_epoch_too() {
            close(folder.open());

            FileEventLog again = folder.open();

            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(again.bounds()).isEqualTo(new LogBounds(1, 0));
            assertThat(append(again, lines(1))).isEqualTo(new Appended(1, 1));
        }
    }

    @Nested
    class After_a_kill {

        @Test
        void every_answered_event_is_there_and_ids_go_on() {
            FileEventLog log = folder.open();
            append(log, samples());
            append(log, lines(40));

            FileEventLog again = folder.killed().open();

            assertThat(all(again)).isEqualTo(folder.output.events());
            assertThat(again.epoch()).isEqualTo("life1");
            long next = folder.output.events().size() + 1;
            assertThat(append(again, lines(1))).isEqualTo(new Appended(next, next));
        }

        @Test
        void it_may_be_killed_after_each_append_and_again_before_the_first() {
            LogFolder life = folder;
            for (int n = 1; n <= 30; n++) {
                assertThat(append(life.open(), line(BUILD, "line " + n))).isEqualTo(new Appended(n, n));
                life = life.killed();
                life.open();
                life = life.killed();
            }

            FileEventLog log = life.open();
            assertThat(idsOf(read(log, 0))).isEqualTo(ids(1, 30));
            assertThat(log.epoch()).isEqualTo("life1");
            assertThat(read(log, 0).gap()).isNull();
        }

        @Test
        void a_server_killed_while_it_began_a_segment_goes_on() {
            FileEventLog log = folder.open();
            append(log, lines(40));
            LogFolder killed = folder.killed();
            killed.putSegment("life1", 41, "");

            FileEventLog again = killed.open();

            assertThat(idsOf(read(again, 0))).isEqualTo(ids(1, 40));
            assertThat(append(again, lines(1))).isEqualTo(new Appended(41, 41));
            close(again);
            assertThat(idsOf(read(killed.open(), 39))).containsExactly(40L, 41L);
        }

        @Test
        void a_server_killed_while_it_removed_a_segment_goes_on() throws IOException {
            FileEventLog log = folder.open();
            append(log, lines(10));
            append(log, lines(10));
            append(log, lines(10));
            LogFolder killed = folder.killed();
            Files.delete(SegmentIndexFile.beside(killed.segments().get(0)));

            assertThat(idsOf(read(killed.open(), 0))).isEqualTo(ids(1, 30));
        }

        @Test
        void what_it_left_half_written_beside_the_segments_is_not_taken_for_anything() {
            FileEventLog log = folder.open();
            append(log, lines(20));
            LogFolder killed = folder.killed();
            LogFolder.write(killed.path().resolve("identity.properties.new"), "epoch=oth");
            LogFolder.write(killed.path().resolve("probe"), "\0\0\0");
            LogFolder.write(killed.path().resolve("life1-00000000000000000001.idx.new"), "OBS");
            LogFolder.write(killed.path().resolve("notes.txt"), "{\"id\":99}");

            FileEventLog again = killed.open();

            assertThat(idsOf(read(again, 0))).isEqualTo(ids(1, 20));
            assertThat(again.epoch()).isEqualTo("life1");
        }
    }

    @Nested
    class Jobs_that_are_found {

        private final List<EventDraft> drafts = List.of(
                at(1.5, BUILD, "job.started"),
                at(2, DEPLOY, "job.started"),
                at(3, BUILD, "log.line"),
                at(9, "", "monitor.anomaly"),
                at(4, DEPLOY, "job.failed"),
                at(5, DEPLOY, "job.started"),
                at(2.25, BUILD, "sheet.done"));

        private final Map<String, JobTrace> expected = Map.of(
                BUILD, new JobTrace(BUILD, 3, 1.5, 2.25, "sheet.done", 7, Map.of("job.started", 1L)),
                DEPLOY, new JobTrace(DEPLOY, 3, 2, 5, "job.started", 6, Map.of("job.started", 6L, "job.failed", 5L)));

        @ParameterizedTest(name = "in segments of {0} bytes")
        @ValueSource(ints = {1, 300, 100_000})
        void say_after_a_clean_stop_what_their_events_say(int segmentBytes) {
            FileEventLog log = folder.withSegmentsOf(segmentBytes).open();
            drafts.forEach(draft -> append(log, draft));
            close(log);

            assertThat(jobsOf(folder.open())).isEqualTo(expected);
        }

        @ParameterizedTest(name = "in segments of {0} bytes")
        @ValueSource(ints = {1, 300, 100_000})
        void say_the_same_after_a_kill_and_without_any_index(int segmentBytes) {
            FileEventLog log = folder.withSegmentsOf(segmentBytes).open();
            drafts.forEach(draft -> append(log, draft));
            LogFolder killed = folder.killed();
            LogFolder bare = folder.killed();
            bare.files(".idx").forEach(LogFolder::delete);

            assertThat(jobsOf(killed.open())).isEqualTo(expected);
            assertThat(jobsOf(bare.open())).isEqualTo(expected);
        }

        @Test
        void are_none_in_a_log_of_events_without_a_job() {
            FileEventLog log = folder.open();
            append(log, draft("", "monitor.anomaly"));

            assertThat(folder.killed().open().takeJobsFound()).isEmpty();
        }

        private static EventDraft at(double timestamp, String job, String name) {
            return draft("""
                    {"job_id": "%s", "event": "%s", "timestamp": %s}""".formatted(job, name, timestamp));
        }

        private static Map<String, JobTrace> jobsOf(FileEventLog log) {
            Map<String, JobTrace> jobs = new TreeMap<>();
            log.takeJobsFound().forEach(job -> jobs.put(job.jobId(), job));
            return jobs;
        }
    }

    @Nested
    class The_epoch {

        @Test
        void is_new_when_no_segment_is_left() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            close(log);
            folder.segments().forEach(LogFolder::delete);

            FileEventLog again = folder.open();

            assertThat(again.epoch()).isEqualTo("life2");
            assertThat(append(again, lines(1))).isEqualTo(new Appended(1, 1));
            close(again);
            assertThat(folder.open().epoch()).isEqualTo("life2");
        }

        @Test
        void is_kept_while_one_segment_is_left_even_an_empty_one() {
            FileEventLog log = folder.open();
            append(log, lines(30));
            close(log);
            folder.segments().forEach(LogFolder::delete);
            folder.putSegment("life1", 31, "");

            FileEventLog again = folder.open();

            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(again.bounds()).isEqualTo(new LogBounds(31, 30));
            assertThat(append(again, lines(1))).isEqualTo(new Appended(31, 31));
            assertThat(read(again, 12).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 13L, 30L, 18L));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\0\0\0\0", "epoch=\nreserved_id=7\n", "epoch=life1\nreserved_id=x\n", "a\\u00zz"})
        void is_read_from_the_segments_when_the_identity_is_damaged(String identity) {
            FileEventLog log = folder.open();
            append(log, lines(3));
            LogFolder killed = folder.killed();
            LogFolder.write(killed.path().resolve("identity.properties"), identity);

            FileEventLog again = killed.open();

            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(append(again, lines(1)).firstId())
                    .as("nothing tells which ids were given already")
                    .isEqualTo(3 + SegmentStore.RESERVE + 1);
            assertThat(killed.identity().epoch()).isEqualTo("life1");
        }

        @Test
        void is_read_from_the_segments_when_the_identity_is_missing() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            close(log);
            LogFolder.delete(folder.path().resolve("identity.properties"));

            FileEventLog again = folder.open();

            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(append(again, lines(1)).firstId()).isGreaterThan(SegmentStore.RESERVE);
        }

        @Test
        void of_another_log_does_not_mix_with_this_one() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            close(log);
            Path stray = folder.putSegment("aaaa", 2, """
                    {"id":2,"job_id":"other","sheet_num":0,"event":"log.line","data":null,"timestamp":1}
                    """);

            FileEventLog again = folder.open();

            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(all(again)).isEqualTo(folder.output.events());
            assertThat(again.takeJobsFound()).extracting(JobTrace::jobId).containsExactly(BUILD);
            assertThat(stray).as("left alone").exists();
        }
    }

    @Nested
    class An_append_that_a_kill_cut_short {

        @ParameterizedTest(name = "after {0} of its lines and {1} bytes")
        @CsvSource({"0, 30", "1, 0", "1, 20", "2, 0", "3, 0", "3, 77", "3, 115"})
        void is_gone_wholly_since_nobody_was_told_of_it(int lines, int bytes) {
            FileEventLog log = folder.open();
            append(log, lines(2));
            append(log, lines(4));
            LogFolder killed = folder.killed();
            String whole = LogFolder.read(killed.segments().get(0));
            int end = 0;
            for (int line = 0; line < 2 + lines; line++) {
                end = whole.indexOf('\n', end) + 1;
            }
            killed.putSegment("life1", 1, whole.substring(0, end + bytes));

            FileEventLog again = killed.open();

            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L);
            assertThat(append(again, lines(1)).firstId()).isEqualTo(3);
            assertThat(killed.lines()).hasSize(3);
        }
    }

    @Nested
    class A_full_disk_at_the_start {

        @Test
        void lets_readers_read_and_heals() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            LogFolder killed = folder.killed();
            killed.disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE);

            FileEventLog again = killed.open();

            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(again.health().fault()).startsWith("events cannot be stored: ");
            assertThatThrownBy(() -> append(again, lines(1))).isInstanceOf(LogStorageException.class);
            killed.disk.heal();
            killed.tend();
            assertThat(again.health()).isEqualTo(LogHealth.GOOD);
            assertThat(append(again, lines(2))).isEqualTo(new Appended(4, 5));
            assertThat(killed.identity().reservedId()).isEqualTo(5 + SegmentStore.RESERVE);
        }

        @Test
        void makes_no_log_where_there_is_none() {
            folder.disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE);

            assertThatThrownBy(folder::open).isInstanceOf(LogOpenException.class);
            assertThat(folder.segments()).isEmpty();
        }
    }

    @Nested
    class After_the_machine_went_down {

        @Test
        void ids_go_on_above_all_that_may_have_been_given() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            LogIdentity left = folder.identity();
            LogFolder killed = folder.killed().putIdentity(onAnotherBoot(left));

            FileEventLog again = killed.open();

            assertThat(left.reservedId()).isGreaterThanOrEqualTo(3);
            assertThat(append(again, lines(1)).firstId()).isEqualTo(left.reservedId() + 1);
            assertThat(again.epoch()).isEqualTo("life1");
            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(idsOf(read(again, 3))).containsExactly(left.reservedId() + 1);
        }

        @Test
        void readers_are_told_of_the_ids_that_were_left_out_before_what_follows_them() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            long reserved = folder.identity().reservedId();
            FileEventLog again = folder.killed()
                    .putIdentity(onAnotherBoot(folder.identity()))
                    .open();

            LogPage before = read(again, 0);
            LogPage nothingYet = read(again, before.covered());
            append(again, lines(2));
            LogPage after = read(again, before.covered());
            LogPage hidden = read(again, 3, EventFilter.job("nobody"), 10);

            assertThat(idsOf(before)).containsExactly(1L, 2L, 3L);
            assertThat(before.hasMore()).isTrue();
            assertThat(before.gap()).isNull();
            Gap leftOut = new Gap(Gap.Reason.EVICTED, 4L, reserved, null);
            assertThat(nothingYet).isEqualTo(new LogPage(List.of(), reserved, false, leftOut));
            assertThat(after.gap()).isEqualTo(leftOut);
            assertThat(idsOf(after)).containsExactly(reserved + 1, reserved + 2);
            assertThat(hidden).isEqualTo(new LogPage(List.of(), reserved + 2, false, leftOut));
            assertThat(read(again, reserved).gap()).isNull();
        }

        @Test
        void a_cursor_of_an_event_that_it_lost_is_told_what_lies_between() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            long reserved = folder.identity().reservedId();
            FileEventLog again = folder.killed()
                    .putIdentity(onAnotherBoot(folder.identity()))
                    .open();
            append(again, lines(1));

            LogPage page = read(again, 100);

            assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 101L, reserved, null));
            assertThat(idsOf(page)).containsExactly(reserved + 1);
        }

        @Test
        void a_log_whose_only_segment_was_empty_goes_on() {
            FileEventLog log = folder.open();
            LogFolder killed = folder.killed().putIdentity(onAnotherBoot(folder.identity()));

            FileEventLog again = killed.open();

            assertThat(append(again, lines(2)).count()).isEqualTo(2);
            assertThat(killed.segments()).hasSize(1);
            assertThat(log.bounds().isEmpty()).isTrue();
        }

        @Test
        void even_the_events_it_lost_leave_no_id_for_another() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            long lost = append(log, lines(5)).lastId();
            LogFolder killed = folder.killed().putIdentity(onAnotherBoot(folder.identity()));
            List<String> survivors = folder.lines().subList(0, 3);
            killed.segments().forEach(LogFolder::delete);
            killed.putSegment("life1", 1, survivors.toArray(String[]::new));

            FileEventLog again = killed.open();

            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(append(again, lines(1)).firstId()).isGreaterThan(lost);
        }

        @Test
        void a_clean_stop_before_makes_nothing_of_it() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            close(log);
            LogIdentity left = folder.identity();
            folder.putIdentity(new LogIdentity(
                    left.epoch(), left.reservedId(), left.ranSeconds(), 0, "another-boot", left.clean()));

            assertThat(append(folder.open(), lines(1))).isEqualTo(new Appended(4, 4));
        }

        @Test
        void a_machine_that_cannot_name_its_boots_is_not_trusted() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            LogIdentity left = folder.identity();
            LogFolder killed = folder.killed()
                    .putIdentity(new LogIdentity(left.epoch(), left.reservedId(), left.ranSeconds(), 0, "", false));

            assertThat(append(killed.open(), lines(1)).firstId()).isEqualTo(left.reservedId() + 1);
        }

        @Test
        void the_ids_set_aside_are_set_aside_anew_before_they_run_out() {
            folder.putSegment("life1", 1, "");
            folder.putIdentity("life1", 5);
            FileEventLog log = folder.open();

            append(log, lines(5));
            assertThat(folder.identity().reservedId()).isEqualTo(5);
            append(log, lines(1));

            assertThat(folder.identity().reservedId()).isEqualTo(6 + SegmentStore.RESERVE);
        }

        @Test
        void events_that_nobody_can_count_are_not_counted() {
            FileEventLog log = folder.open();
            append(log, lines(3));
            LogFolder killed = folder.killed().putIdentity(onAnotherBoot(folder.identity()));
            killed.keeping(LogFolder.WEEK, 8 * SEGMENT);
            FileEventLog again = killed.open();
            for (int n = 0; n < 20; n++) {
                append(again, lines(10));
            }
            long first = again.bounds().firstId();
            Gap unknown = new Gap(Gap.Reason.EVICTED, 2L, first - 1, null);

            assertThat(first).isGreaterThan(SegmentStore.RESERVE + 10);
            assertThat(read(again, 1).gap()).isEqualTo(unknown);
            assertThat(read(again, first - 6).gap())
                    .as("no id is missing from here on")
                    .isEqualTo(new Gap(Gap.Reason.EVICTED, first - 5, first - 1, 5L));
            close(again);
            FileEventLog later = killed.open();
            assertThat(read(later, 1).gap()).as("nor after a restart").isEqualTo(unknown);
            assertThat(read(later, first - 6).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, first - 5, first - 1, 5L));
        }

        private static LogIdentity onAnotherBoot(LogIdentity left) {
            return new LogIdentity(left.epoch(), left.reservedId(), left.ranSeconds(), 0, "another-boot", false);
        }
    }

    @Nested
    class The_directory {

        @Test
        void is_refused_to_a_second_server_with_the_pid_of_the_first() {
            folder.open();

            assertThatExceptionOfType(LogOpenException.class)
                    .isThrownBy(() -> folder.open())
                    .withMessageContaining(
                            "in use by process " + ProcessHandle.current().pid())
                    .withMessageContaining(folder.path().toString());
        }

        @Test
        void is_free_again_after_a_stop() {
            close(folder.open());

            close(folder.open());
        }

        @Test
        void is_not_changed_by_a_server_that_is_refused() {
            FileEventLog log = folder.open();
            append(log, lines(3));

            assertThatExceptionOfType(LogOpenException.class).isThrownBy(() -> folder.open());

            assertThat(append(log, lines(1))).isEqualTo(new Appended(4, 4));
            close(log);
            assertThat(all(folder.open())).hasSize(4);
        }

        @Test
        void is_free_again_after_a_start_that_failed() {
            folder.disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE);
            assertThatExceptionOfType(LogOpenException.class)
                    .isThrownBy(() -> folder.open())
                    .withMessageContaining(folder.path().toString())
                    .withMessageContaining("no space left");
            folder.disk.heal();

            assertThat(append(folder.open(), lines(1))).isEqualTo(new Appended(1, 1));
        }

        @Test
        void may_not_be_a_file() throws IOException {
            Files.createFile(folder.path());

            assertThatExceptionOfType(LogOpenException.class)
                    .isThrownBy(() -> folder.open())
                    .withMessageContaining(folder.path().toString())
                    .withMessageContaining("must be a directory");
        }

        @Test
        void is_made_with_those_above_it() {
            LogFolder deep = new LogFolder(directory.resolve("a/b/c"));

            assertThat(append(deep.open(), lines(1))).isEqualTo(new Appended(1, 1));
        }
    }

    @Test
    void the_age_of_the_log_is_stored_now_and_then_so_that_a_kill_forgets_little_of_it() {
        FileEventLog log = folder.open();
        append(log, lines(1));

        folder.pass(Duration.ofSeconds(59));
        assertThat(folder.identity().ranSeconds()).isZero();
        folder.pass(Duration.ofSeconds(1));

        assertThat(folder.identity().ranSeconds()).isEqualTo(60);
        assertThat(folder.identity().clean()).isFalse();
        folder.pass(Duration.ofSeconds(30));
        close(log);
        assertThat(folder.identity().ranSeconds()).isEqualTo(90);
    }

    private static List<EventDraft> samples() {
        return List.of(
                draft(BUILD, "job.started"),
                draft("{\"event\":\"log.line\",\"data\":{\"line\":\"größer \\ud83d\\ude00 \\\\ \\n\",\"n\":1.00}}"),
                draft("{\"job_id\":\"a\",\"sheet_num\":2147483647,\"event\":\"b\",\"data\":null,\"timestamp\":-1e-7}"),
                draft("{\"event\":\"t\",\"data\":{\"x\":[{\"timestamp\":1}],\"timestamp\":2},\"timestamp\":1.50}"),
                draft("{\"event\":\"large\",\"data\":{\"s\":\"" + "x".repeat(200_000) + "\"}}"));
    }
}
