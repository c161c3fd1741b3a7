package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static io.observer.log.FaultyDisk.Call.FORCE;
import static io.observer.log.FaultyDisk.Call.OPEN;
import static io.observer.log.FaultyDisk.Call.TRUNCATE;
import static io.observer.log.FaultyDisk.Call.WRITE;
import static io.observer.log.LogFolder.all;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.log.FaultyDisk.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A disk that fails at any moment. What was answered is kept and what was refused is nowhere, whatever happens, and
 * nobody has to restart anything.
 */
@ExtendWith(QuietLog.class)
class FileEventLogFaultTest {

    private static final String SEGMENTS = ".jsonl";

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    /** How the disk fails at its nth call, and whether it fails again right away. */
    enum Failure {
        A_WRITE(false, WRITE, 1),
        A_WRITE_AFTER_HALF_OF_IT(true, WRITE, 1),
        THREE_WRITES(true, WRITE, 3),
        A_FLUSH(false, FORCE, 1),
        THREE_FLUSHES(false, FORCE, 3),
        AN_OPEN(false, OPEN, 1),
        THREE_OPENS(false, OPEN, 3);

        private final boolean halves;
        private final FaultyDisk.Call call;
        private final int times;

        Failure(boolean halves, FaultyDisk.Call call, int times) {
            this.halves = halves;
            this.call = call;
            this.times = times;
        }

        void armAt(int nth, FaultyDisk disk) {
            disk.halveOn(request -> halves && request.call() == WRITE && request.number() == nth - 1);
            disk.failOn(request -> request.call() == call && request.number() >= nth && request.number() < nth + times);
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(Durability.values())
                .flatMap(durability -> Stream.of(Failure.values()).map(failure -> Arguments.of(durability, failure)));
    }

    @ParameterizedTest(name = "durability {0}, failing {1}")
    @MethodSource("failures")
    void whenever_it_fails_answered_events_are_kept_and_refused_ones_are_nowhere(
            Durability durability, Failure failure) {
        int nth = 0;
        int calls;
        do {
            nth++;
            LogFolder folder = new LogFolder(directory.resolve(durability + "-" + failure + "-" + nth))
                    .with(durability)
                    .withSegmentsOf(1_200);
            failure.armAt(nth, folder.disk);
            new Run(folder, "at call " + nth).play();
            calls = folder.disk.count(failure.call);
            folder.disk.heal();
        } while (calls >= nth);
        assertThat(nth).as("calls that were made to fail").isGreaterThan(3);
    }

    /** A server's life with a disk that fails somewhere in it. */
    private static final class Run {

        private final LogFolder folder;
        private final String where;
        private final List<Event> accepted = new ArrayList<>();
        private String epoch = "";

        Run(LogFolder folder, String where) {
            this.folder = folder;
            this.where = where;
        }

        void play() {
            FileEventLog log = open();
            epoch = log.epoch();
            for (int size : new int[] {1, 3, 2, 1, 8, 1, 2, 1, 5}) {
                publish(log, size);
                folder.pass(Duration.ofSeconds(15));
            }
            heals(log);
            publishWhenHealed(log);
            assertKeptIn(folder.killed());
            close(log);
            assertThat(folder.lines())
                    .as(where)
                    .isEqualTo(accepted.stream().map(Event::jsonText).toList());
            assertKeptIn(folder.killed());
        }

        private FileEventLog open() {
            while (true) {
                try {
                    return folder.open();
                } catch (LogOpenException expected) {
                    assertThat(expected).as(where).hasMessageContaining("no space left");
                }
            }
        }

        private void publish(FileEventLog log, int size) {
            try {
                accept(log, lines(size));
            } catch (LogStorageException expected) {
                assertThat(log.health().fault()).as(where).contains("no space left");
                assertKeptIn(folder.killed());
            }
            assertKept(log);
        }

        private void accept(FileEventLog log, List<EventDraft> drafts) {
            Appended ids = append(log, drafts);
            assertThat(ids.firstId()).as(where).isEqualTo(accepted.size() + 1);
            drafts.forEach(draft -> accepted.add(draft.at(accepted.size() + 1)));
            assertThat(log.health().fault()).as(where).isNull();
        }

        private void publishWhenHealed(FileEventLog log) {
            try {
                accept(log, lines(2));
            } catch (LogStorageException expected) {
                // The failure came only now.
                heals(log);
                accept(log, lines(2));
            }
            assertKept(log);
        }

        private void heals(FileEventLog log) {
            for (int seconds = 0; log.health().fault() != null; seconds++) {
                assertThat(seconds).as(where).isLessThan(10);
                folder.tend();
            }
        }

        private void assertKept(FileEventLog log) {
            assertThat(folder.output.events()).as(where).isEqualTo(accepted);
            assertThat(all(log)).as(where).isEqualTo(accepted);
            assertThat(log.bounds()).as(where).isEqualTo(new LogBounds(1, accepted.size()));
            assertThat(beforeLast(log, 1_000, EventFilter.all())).as(where).isZero();
        }

        private void assertKeptIn(LogFolder other) {
            FileEventLog again = other.open();
            assertThat(again.epoch()).as(where).isEqualTo(epoch);
            assertThat(all(again)).as(where).isEqualTo(accepted);
            assertThat(append(again, line(BUILD, "next")).firstId()).as(where).isEqualTo(accepted.size() + 1);
            assertThat(again.health()).as(where).isEqualTo(LogHealth.GOOD);
            close(again);
        }
    }

    @Nested
    class A_full_disk {

        private final Predicate<Request> anyWrite = request -> request.call() == WRITE;

        private LogFolder folder;
        private FileEventLog log;

        @BeforeEach
        void a_log_of_three_events() {
            folder = new LogFolder(directory.resolve("log"));
            log = folder.open();
            append(log, lines(3));
        }

        @Test
        void refuses_every_append_with_the_reason_while_reads_go_on() {
            folder.disk.failOn(anyWrite);

            for (int n = 0; n < 5; n++) {
                assertRefused(lines(n + 1));
                folder.tend();
                assertThat(log.health().fault())
                        .isEqualTo("events cannot be stored: no space left on this test's disk");
                assertThat(idsOf(read(log, 1))).containsExactly(2L, 3L);
            }
            assertThat(folder.output.ids()).containsExactly(1L, 2L, 3L);
            assertThat(folder.lines()).hasSize(3);
        }

        @Test
        void heals_by_itself_when_somebody_publishes() {
            folder.disk.failOn(anyWrite);
            assertRefused(lines(2));
            folder.disk.heal();

            assertThat(append(log, lines(2))).isEqualTo(new Appended(4, 5));

            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
            assertThat(idsOf(read(folder.killed().open(), 0))).containsExactly(1L, 2L, 3L, 4L, 5L);
        }

        @Test
        void heals_by_itself_when_nobody_publishes() {
            folder.disk.failOn(anyWrite);
            assertRefused(lines(2));
            folder.tend();
            assertThat(log.health().fault()).isNotNull();
            folder.disk.heal();

            folder.tend();

            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
            assertThat(folder.files("probe")).isEmpty();
        }

        @Test
        void leaves_no_file_behind_when_it_finds_that_it_still_is_full() {
            List<Path> before = folder.files("");
            folder.disk.failOn(anyWrite);
            assertRefused(lines(2));

            folder.tend();

            assertThat(folder.files("")).isEqualTo(before);
        }

        @Test
        void is_not_reported_by_a_log_that_has_nothing_to_write() {
            folder.disk.failOn(anyWrite);

            folder.tend();

            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
        }

        @Test
        void does_not_keep_a_log_from_stopping() {
            folder.disk.failOn(anyWrite);
            assertRefused(lines(2));

            close(log);

            folder.disk.heal();
            FileEventLog again = folder.open();
            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(append(again, lines(1))).isEqualTo(new Appended(4, 4));
        }

        @Test
        void takes_half_of_a_line_and_the_next_append_does_not_stand_behind_it() {
            folder.disk.halveOn(request -> request.isOn(SEGMENTS));
            folder.disk.failOn(request -> request.call() == WRITE && request.number() % 2 == 1);
            assertRefused(List.of(line(BUILD, "too much")));
            folder.disk.heal();

            append(log, line(BUILD, "next"));

            assertThat(folder.lines())
                    .hasSize(4)
                    .last()
                    .isEqualTo(line(BUILD, "next").at(4).jsonText());
        }

        @Test
        void that_cannot_even_take_back_what_is_torn_gets_nothing_behind_it() {
            LogFolder torn = halfALineThatStays();
            for (int n = 0; n < 3; n++) {
                assertRefused(List.of(line(BUILD, "refused too")));
                folder.tend();
                assertThat(log.health().fault()).isNotNull();
            }
            assertThat(LogFolder.read(folder.segments().get(0)))
                    .as("nothing was written behind the torn line")
                    .isEqualTo(LogFolder.read(torn.segments().get(0)))
                    .doesNotEndWith("\n");
            folder.disk.heal();

            assertThat(append(log, line(BUILD, "next")).firstId()).isEqualTo(4);

            assertThat(folder.lines())
                    .hasSize(4)
                    .last()
                    .isEqualTo(line(BUILD, "next").at(4).jsonText());
            assertThat(idsOf(read(folder.killed().open(), 0))).containsExactly(1L, 2L, 3L, 4L);
        }

        @Test
        void that_cannot_even_take_back_what_is_torn_is_set_right_when_nobody_publishes() {
            halfALineThatStays();
            folder.disk.heal();

            folder.tend();

            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
            assertThat(folder.lines()).hasSize(3);
        }

        @Test
        void that_cannot_even_take_back_what_is_torn_is_set_right_by_the_next_start() {
            LogFolder torn = halfALineThatStays();

            FileEventLog again = torn.open();

            assertThat(idsOf(read(again, 0))).containsExactly(1L, 2L, 3L);
            assertThat(append(again, line(BUILD, "next")).firstId()).isEqualTo(4);
            assertThat(torn.lines()).hasSize(4);
        }

        @Test
        void that_cannot_even_take_back_what_is_torn_is_set_right_by_a_stop() {
            halfALineThatStays();
            folder.disk.heal();

            close(log);

            assertThat(folder.lines()).hasSize(3);
            assertThat(folder.identity().clean()).isTrue();
            assertThat(idsOf(read(folder.open(), 0))).containsExactly(1L, 2L, 3L);
        }

        /** One append whose half is on the disk and cannot be removed; answers what a kill would leave. */
        private LogFolder halfALineThatStays() {
            int writes = folder.disk.count(WRITE);
            folder.disk.halveOn(request -> request.isOn(SEGMENTS));
            folder.disk.failOn(request ->
                    request.call() == TRUNCATE || (request.call() == WRITE && request.number() > writes + 1));
            assertRefused(List.of(line(BUILD, "too much")));
            return folder.killed();
        }

        private void assertRefused(List<EventDraft> drafts) {
            assertThatExceptionOfType(LogStorageException.class)
                    .isThrownBy(() -> append(log, drafts))
                    .withMessage("events cannot be stored: no space left on this test's disk");
        }
    }

    @Nested
    class A_flush_that_failed {

        @Test
        void refuses_what_waited_for_it_and_begins_a_new_segment() {
            LogFolder folder = new LogFolder(directory.resolve("log")).with(Durability.ALWAYS);
            FileEventLog log = folder.open();
            append(log, lines(3));
            folder.disk.failOn(request -> request.call() == FORCE && request.isOn(SEGMENTS));

            assertThatExceptionOfType(LogStorageException.class).isThrownBy(() -> append(log, lines(2)));
            assertThat(folder.lines()).hasSize(3);
            assertThat(folder.output.ids()).hasSize(3);
            folder.disk.heal();

            assertThat(append(log, lines(2))).isEqualTo(new Appended(4, 5));
            assertThat(folder.segments()).hasSize(2);
            assertThat(LogFolder.read(folder.segments().get(1)).lines()).hasSize(2);
            assertThat(idsOf(read(folder.killed().open(), 0))).containsExactly(1L, 2L, 3L, 4L, 5L);
        }

        @Test
        void of_the_first_append_leaves_an_empty_log_that_goes_on() {
            LogFolder folder = new LogFolder(directory.resolve("log")).with(Durability.ALWAYS);
            FileEventLog log = folder.open();
            folder.disk.failOn(request -> request.call() == FORCE && request.isOn(SEGMENTS));
            assertThatExceptionOfType(LogStorageException.class).isThrownBy(() -> append(log, lines(2)));
            folder.disk.heal();

            assertThat(append(log, lines(2))).isEqualTo(new Appended(1, 2));

            assertThat(folder.lines()).hasSize(2);
            assertThat(idsOf(read(folder.killed().open(), 0))).containsExactly(1L, 2L);
        }

        @Test
        void once_a_second_is_reported_and_nothing_more_goes_into_that_segment() {
            LogFolder folder = new LogFolder(directory.resolve("log")).with(Durability.INTERVAL);
            FileEventLog log = folder.open();
            append(log, lines(3));
            folder.disk.failOn(request -> request.call() == FORCE && request.isOn(SEGMENTS));

            folder.tend();

            assertThat(log.health().fault()).isNotNull();
            assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L, 3L);
            folder.disk.heal();
            folder.tend();
            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
            assertThat(folder.segments()).as("before anybody publishes").hasSize(2);
            append(log, lines(1));
            assertThat(folder.segments()).hasSize(2);
            assertThat(LogFolder.read(folder.segments().get(0)).lines()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void an_index_that_cannot_be_stored_costs_nothing(Durability durability) throws Exception {
        LogFolder folder =
                new LogFolder(directory.resolve("log")).with(durability).withSegmentsOf(600);
        FileEventLog log = folder.open();
        Files.createDirectory(folder.path().resolve("life1-00000000000000000001.idx.new"));
        for (int n = 0; n < 12; n++) {
            append(log, lines(1));
        }

        assertThat(log.health()).isEqualTo(LogHealth.GOOD);
        assertThat(folder.segments()).hasSizeGreaterThan(2);
        assertThat(idsOf(read(log, 0))).hasSize(12);
        assertThat(idsOf(read(folder.killed().open(), 0))).hasSize(12);
    }
}
