package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.EventLogContract.ids;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** Answers from files, while retention takes some of them away. */
class SegmentReaderTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final ManualTicker ticker = new ManualTicker();
    private SegmentsOnlyLog log;

    private void open(int segmentBytes, long indexBytes) {
        FileLogSettings settings =
                new FileLogSettings(directory, Durability.PROCESS, HOUR, 1L << 30, segmentBytes, 1_000);
        log = new SegmentsOnlyLog(
                settings, new SegmentIndexes(indexBytes), disk, ticker, Schedulers.immediate(), 10_000, stored -> {});
    }

    @Nested
    class While_retention_takes_the_oldest_segments {

        private final AtomicBoolean taken = new AtomicBoolean();

        /** Five segments of four events, of which the first two are due in an hour less ten minutes. */
        @BeforeEach
        void five_segments_of_two_ages() {
            open(4 * (line(DEPLOY, "line 20").at(20).json().length + 1), 1);
            for (int n = 1; n <= 20; n++) {
                append(log, line(n % 2 == 0 ? BUILD : DEPLOY, n < 10 ? "line 0" + n : "line " + n));
                if (n == 8) {
                    ticker.advance(Duration.ofMinutes(10));
                }
            }
            ticker.advance(Duration.ofMinutes(50).plusSeconds(1));
            assertThat(log.store().segments()).hasSize(5);
        }

        /** Takes them just before the {@code nth} read from now on. */
        private void takeBeforeRead(int nth) {
            int before = disk.count(FaultyDisk.Call.READ);
            disk.watch(request -> {
                if (request.call() == FaultyDisk.Call.READ
                        && request.number() == before + nth
                        && taken.compareAndSet(false, true)) {
                    log.store().tend();
                }
            });
        }

        @Test
        void a_page_tells_the_whole_gap_and_no_event_twice() {
            for (int nth = 1; !assertTheSameWhateverTheMoment(nth); nth++) {
                tearDownAndBuildAgain();
            }
        }

        /** Whether the page was done before the {@code nth} read. */
        private boolean assertTheSameWhateverTheMoment(int nth) {
            takeBeforeRead(nth);
            LogPage page = read(log, 2);
            if (!taken.get()) {
                assertThat(idsOf(page)).isEqualTo(ids(3, 20));
                assertThat(nth).as("reads of one page").isGreaterThan(5);
                return true;
            }
            List<Long> told = new ArrayList<>();
            if (page.gap() != null) {
                assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 3L, 8L, 6L));
                told.addAll(ids(3, 8));
            }
            told.addAll(idsOf(page));
            assertThat(told).as("taken before read %d", nth).isEqualTo(ids(3, 20));
            assertThat(log.bounds()).isEqualTo(new LogBounds(9, 20));
            return false;
        }

        private void tearDownAndBuildAgain() {
            LogFolder.close(log);
            taken.set(false);
            disk.watch(request -> {});
            new LogFolder(directory).files("").forEach(LogFolder::delete);
            five_segments_of_two_ages();
        }

        @Test
        void a_page_that_stood_in_one_of_them_begins_after_the_gap() {
            takeBeforeRead(1);

            LogPage page = read(log, 2, EventFilter.all(), 3);

            assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 3L, 8L, 6L));
            assertThat(idsOf(page)).containsExactly(9L, 10L, 11L);
        }

        @Test
        void a_page_of_one_job_does_the_same() {
            takeBeforeRead(1);

            LogPage page = read(log, 2, EventFilter.job(BUILD), 3);

            assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 3L, 8L, null));
            assertThat(idsOf(page)).containsExactly(10L, 12L, 14L);
        }

        @Test
        void the_position_before_the_last_events_is_found_all_the_same() {
            // Without the file of its index, a segment has to be read to be searched.
            new LogFolder(directory).files(".idx").forEach(LogFolder::delete);
            takeBeforeRead(4);

            assertThat(beforeLast(log, 15, EventFilter.all())).isEqualTo(8);
            assertThat(taken).isTrue();
        }

        @Test
        void nothing_is_left_of_them() {
            log.store().tend();

            assertThat(new LogFolder(directory).segments()).hasSize(3);
            assertThat(new LogFolder(directory).files(".idx")).hasSize(2);
            assertThat(idsOf(read(log, 8))).isEqualTo(ids(9, 20));
        }
    }

    /** Blocks of four events: 1 to 4, 5 to 8 and so on. */
    @Nested
    class What_was_read_lately {

        private final EventBlocks blocks = new EventBlocks(4, 1 << 20);
        private SegmentReader reader;

        /** Thirty events, of which 14 is damaged, in segments that begin with 1, 12 and 23. */
        @BeforeEach
        void three_segments_with_a_damaged_line() throws IOException {
            LogFolder folder = new LogFolder(directory);
            List<Event> all = IntStream.rangeClosed(1, 30)
                    .mapToObj(
                            n -> line(n % 2 == 0 ? BUILD : DEPLOY, "line " + n).at(n))
                    .toList();
            folder.putSegment("k3f9x2", 1, json(all, 1, 11));
            String[] second = json(all, 12, 22);
            second[2] = "garbage";
            folder.putSegment("k3f9x2", 12, second);
            folder.putSegment("k3f9x2", 23, json(all, 23, 30));
            folder.putIdentity("k3f9x2", 100);
            open(64 << 20, 1 << 20);
            reader = new SegmentReader(log.store(), blocks);
        }

        private String[] json(List<Event> all, int from, int to) {
            return all.subList(from - 1, to).stream().map(Event::jsonText).toArray(String[]::new);
        }

        @Test
        void makes_pages_that_are_the_same_as_those_read_line_by_line() throws IOException {
            SegmentReader lineByLine = lineByLine();
            for (int times = 0; times < 2; times++) {
                for (int after = 0; after <= 30; after++) {
                    for (int limit = 0; limit <= 31; limit++) {
                        PageLimit most = PageLimit.of(limit);
                        LogPage expected = lineByLine.page(after, EventFilter.all(), most);

                        assertThat(reader.page(after, EventFilter.all(), most))
                                .as("after %d, limit %d", after, limit)
                                .isEqualTo(expected);
                        assertThat(reader.pageAtHand(after, EventFilter.all(), most))
                                .as("after %d, limit %d", after, limit)
                                .isIn(expected, null);
                    }
                }
            }
        }

        @Test
        void is_not_read_again() throws IOException {
            assertThat(pageAtHand(0, 8)).isNull();
            assertThat(idsOf(page(0, 8))).isEqualTo(ids(1, 8));
            long before = disk.bytesRead();

            assertThat(idsOf(page(0, 8))).isEqualTo(ids(1, 8));
            assertThat(idsOf(page(3, 2))).isEqualTo(ids(4, 5));
            assertThat(pageAtHand(1, 7)).isEqualTo(new LogPage(page(1, 7).events(), 8, true, null));
            assertThat(disk.bytesRead()).isEqualTo(before);
        }

        @Test
        void goes_over_from_one_segment_to_the_next_but_not_over_a_hole() throws IOException {
            page(0, 30);
            page(20, 4);

            assertThat(pageAtHand(0, 12)).as("9 to 12, of two segments").isNotNull();
            assertThat(pageAtHand(12, 1)).as("13 to 16, of which 14 is lost").isNull();
            assertThat(pageAtHand(20, 4)).isNotNull();
        }

        @Test
        void may_end_with_the_log_and_goes_on_with_it() throws IOException {
            assertThat(page(28, 4)).isEqualTo(new LogPage(page(28, 2).events(), 30, false, null));
            assertThat(pageAtHand(28, 4)).isEqualTo(page(28, 4));

            append(log, List.of(line(BUILD, "line 31"), line(BUILD, "line 32"), line(BUILD, "line 33")));

            assertThat(pageAtHand(28, 2).hasMore())
                    .as("what is known is still right")
                    .isTrue();
            assertThat(pageAtHand(28, 4)).as("more is there than is known").isNull();
            assertThat(idsOf(page(28, 4))).isEqualTo(ids(29, 32));
            assertThat(pageAtHand(28, 4)).isEqualTo(page(28, 4));
        }

        @Test
        void does_not_grow_when_little_of_it_is_wanted() throws IOException {
            page(0, 1);
            reader.page(0, EventFilter.job(BUILD), PageLimit.of(100));

            assertThat(pageAtHand(0, 1)).isNull();
        }

        @Test
        void serves_a_page_that_ends_by_its_bytes() throws IOException {
            page(0, 8);
            long two = page(0, 2).events().stream()
                    .mapToLong(event -> event.json().length)
                    .sum();

            assertThat(reader.pageAtHand(0, EventFilter.all(), new PageLimit(100, two)))
                    .isEqualTo(new LogPage(page(0, 2).events(), 2, true, null));
        }

        @Test
        void still_ends_with_the_retention_of_the_log() throws IOException {
            page(0, 8);
            page(16, 4);
            ticker.advance(HOUR.plusSeconds(1));
            append(log, line(BUILD, "line 31"));
            log.store().tend();

            assertThat(log.bounds()).isEqualTo(new LogBounds(31, 31));
            assertThat(pageAtHand(0, 8)).isNull();
            assertThat(page(0, 8))
                    .isEqualTo(new LogPage(
                            List.of(line(BUILD, "line 31").at(31)),
                            31,
                            false,
                            new Gap(Gap.Reason.EVICTED, 1L, 30L, null)));
        }

        @Test
        void tells_the_gap_before_it_though_retention_took_the_beginning_of_a_block() throws IOException {
            append(log, List.of(line(BUILD, "line 31"), line(BUILD, "line 32"), line(BUILD, "line 33")));
            ticker.advance(Duration.ofMinutes(30));
            for (int n = 34; n <= 50; n++) {
                append(log, line(BUILD, "line " + n));
            }
            ticker.advance(Duration.ofMinutes(30).plusSeconds(1));
            log.store().tend();
            assertThat(log.bounds().firstId()).isEqualTo(34);

            LogPage page = page(20, 6);

            assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 21L, 33L, null));
            assertThat(idsOf(page)).isEqualTo(ids(34, 39));
            assertThat(pageAtHand(20, 6)).isEqualTo(page);
        }

        private SegmentReader lineByLine() {
            return new SegmentReader(log.store(), new EventBlocks(1_000, 0));
        }

        private LogPage page(long after, int limit) throws IOException {
            return reader.page(after, EventFilter.all(), PageLimit.of(limit));
        }

        private @Nullable LogPage pageAtHand(long after, int limit) {
            return reader.pageAtHand(after, EventFilter.all(), PageLimit.of(limit));
        }
    }

    @Test
    void lines_far_from_each_other_are_found_without_reading_what_is_between() {
        open(64 << 20, 1 << 20);
        append(log, draft(DEPLOY, "job.started"));
        for (int n = 0; n < 100; n++) {
            append(log, line(BUILD, "x".repeat(20_000)));
        }
        append(log, draft(DEPLOY, "job.completed"));
        long before = disk.bytesRead();

        LogPage page = read(log, 0, EventFilter.job(DEPLOY), 10);

        assertThat(idsOf(page)).containsExactly(1L, 102L);
        assertThat(disk.bytesRead() - before).isLessThan(100_000);
    }

    @Test
    void lines_close_to_each_other_are_read_with_one_another() {
        open(64 << 20, 1 << 20);
        for (int n = 0; n < 500; n++) {
            append(log, line(n % 3 == 0 ? DEPLOY : BUILD, "line " + n));
        }
        int before = disk.count(FaultyDisk.Call.READ);

        assertThat(read(log, 0, EventFilter.job(DEPLOY), 1_000).events()).hasSize(167);

        assertThat(disk.count(FaultyDisk.Call.READ) - before).isLessThanOrEqualTo(2);
    }

    @Test
    void segments_that_hold_nothing_wanted_are_not_read() {
        open(2_000, 1 << 20);
        for (int n = 0; n < 200; n++) {
            append(log, line(BUILD, "line " + n));
        }
        append(log, draft(DEPLOY, "job.started"));
        assertThat(log.store().segments()).hasSizeGreaterThan(8);
        long before = disk.bytesRead();

        assertThat(idsOf(read(log, 0, EventFilter.job(DEPLOY), 10))).containsExactly(201L);

        assertThat(disk.bytesRead() - before).isLessThan(2_000);
    }

    @Test
    void a_page_of_large_events_ends_early_and_says_that_more_follows() {
        open(64 << 20, 1 << 20);
        List<Event> published = new ArrayList<>();
        for (int n = 1; n <= 60; n++) {
            append(log, line(BUILD, "x".repeat(200_000)));
            published.add(line(BUILD, "x".repeat(200_000)).at(n));
        }

        LogPage page = read(log, 0);

        assertThat(page.hasMore()).isTrue();
        assertThat(page.events()).hasSizeBetween(2, 50);
        assertThat(page.covered()).isEqualTo(page.events().size());
        assertThat(LogFolder.all(log)).isEqualTo(published);
    }

    @Test
    void a_closed_log_says_so_rather_than_to_try_for_ever() {
        open(2_000, 1 << 20);
        append(log, line(BUILD, "a"));
        LogFolder.close(log);

        assertThatThrownBy(() -> read(log, 0)).hasRootCauseInstanceOf(ClosedChannelException.class);
    }
}
