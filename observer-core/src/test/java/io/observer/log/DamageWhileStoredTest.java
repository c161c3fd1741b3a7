package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.idsOf;
import static io.observer.log.EventLogContract.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Lines that a disk lost though size and time of their file are as they were, so that the index beside it is believed. */
class DamageWhileStoredTest {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(DamagedRows.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    private LogFolder folder;
    private FileEventLog log;

    /** Events 10 to 29, of build-7 where the id is even; 10 to 19 in the first file. */
    @BeforeEach
    void two_segments() throws IOException {
        folder = new LogFolder(directory.resolve("log"));
        folder.putSegment("k3f9x2", 10, stored(10, 19));
        folder.putSegment("k3f9x2", 20, stored(20, 29));
        folder.putIdentity("k3f9x2", 29);
        LogFolder.close(folder.open());
        assertThat(folder.files(".idx")).hasSize(2);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        LogFolder.close(log);
    }

    @Test
    void a_page_ends_before_one_and_the_next_says_what_is_missing() throws IOException {
        replace("number 13", "numb\u0000r \u00013");
        log = folder.open();

        assertPages(EventFilter.all(), "10-12", "gap 13-13: 14-29");
    }

    @Test
    void of_others_than_are_wanted_nothing_is_said() throws IOException {
        replace("number 13", "number\n13");
        log = folder.open();

        assertPages(EventFilter.job(BUILD), "10-28");
        assertPages(EventFilter.job(DEPLOY), "11-11", "gap 13-13: 15-29");
    }

    @Test
    void lines_one_after_another_are_one_gap_over_the_end_of_a_file_too() throws IOException {
        for (int id = 17; id <= 21; id++) {
            replace("\"id\":" + id, "\"di\":" + id);
        }
        log = folder.open();

        assertPages(EventFilter.all(), "10-16", "gap 17-21: 22-29");
    }

    @Test
    void the_oldest_and_the_newest_may_be_among_them() throws IOException {
        replace("\"id\":10", "\"id\":1 ");
        replace("\"id\":29", "\"id\" 29");
        log = folder.open();

        assertPages(EventFilter.all(), "gap 10-10: 11-28", "gap 29-29: ");
    }

    @Test
    void an_event_with_the_id_of_another_is_not_taken_for_it() throws IOException {
        replace("\"id\":13", "\"id\":73");
        log = folder.open();

        assertPages(EventFilter.all(), "10-12", "gap 13-13: 14-29");
    }

    @Test
    void a_line_break_that_is_lost_costs_the_line_before_it() throws IOException {
        replace("}\n{\"id\":13", "}x{\"id\":13");
        log = folder.open();

        assertPages(EventFilter.all(), "10-11", "gap 12-12: 13-29");
    }

    @Test
    void small_pages_come_to_the_end_as_well() throws IOException {
        for (int id = 12; id <= 27; id++) {
            replace("\"id\":" + id, "\"id\": -");
        }
        log = folder.open();

        List<Long> found = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        for (LogPage page : LogFolder.pages(log, EventFilter.all(), 1)) {
            found.addAll(idsOf(page));
            if (page.gap() != null) {
                gaps.add(page.gap());
            }
        }
        assertThat(found).containsExactly(10L, 11L, 28L, 29L);
        assertThat(gaps.stream().flatMapToLong(gap -> LongStream.rangeClosed(gap.from(), gap.to())))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(12, 27).boxed().toList());
    }

    @Test
    void each_is_counted_once_and_the_first_of_a_file_is_named() throws IOException {
        replace("\"id\":13", "\"id\":73");
        replace("\"id\":15", "\"id\":75");
        replace("\"id\":25", "\"id\":75");
        log = folder.open();
        assertThat(log.health().damagedLines()).isZero();

        for (int times = 0; times < 3; times++) {
            LogFolder.pages(log, EventFilter.all(), 100);
            LogFolder.pages(log, EventFilter.job(DEPLOY), 100);
        }

        assertThat(log.health()).isEqualTo(new LogHealth(null, 3));
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("file=" + folder.segments().get(0))
                                .endsWith("offset=" + lengthOf(10, 12) + " id=13"),
                        second -> assertThat(second).endsWith(" id=25"));
    }

    @Test
    void what_is_published_then_follows() throws IOException {
        replace("\"id\":29", "\"id\" 29");
        log = folder.open();

        append(log, line(BUILD, "number 30"));

        assertPages(EventFilter.all(), "10-28", "gap 29-29: 30-30");
    }

    @Test
    void those_that_a_start_found_are_counted_at_the_next_as_well() {
        folder = new LogFolder(directory.resolve("other"));
        folder.putSegment("k3f9x2", 1, "garbage", stored(1, 1)[0], "garbage");
        folder.putSegment("k3f9x2", 2, stored(2, 2)[0], "garbage");
        for (int times = 0; times < 3; times++) {
            log = folder.open();
            assertThat(log.health().damagedLines()).isEqualTo(3);
            LogFolder.close(log);
        }
        assertThat(folder.files(".idx")).hasSizeGreaterThanOrEqualTo(2);
    }

    /** Puts as many other bytes into a segment, whose time stays the same. */
    private void replace(String text, String other) throws IOException {
        assertThat(other.getBytes(UTF_8)).hasSameSizeAs(text.getBytes(UTF_8));
        int found = 0;
        for (Path segment : folder.segments()) {
            String before = LogFolder.read(segment);
            if (before.contains(text)) {
                FileTime written = Files.getLastModifiedTime(segment);
                LogFolder.write(segment, before.replace(text, other));
                Files.setLastModifiedTime(segment, written);
                found++;
            }
        }
        assertThat(found).isEqualTo(1);
    }

    /** Large pages and, read past the blocks, those of sixty events. */
    private void assertPages(EventFilter filter, String... expected) {
        assertThat(shown(LogFolder.pages(log, filter, 60))).containsExactly(expected);
        assertThat(shown(LogFolder.pages(log, filter, 1_000))).containsExactly(expected);
        assertThat(read(log, log.bounds().firstId() - 1, filter, 0).events()).isEmpty();
    }

    /** {@code gap 4-5: 6-9} for what is missing, and the first and last event after it. */
    private static List<String> shown(List<LogPage> pages) {
        return pages.stream()
                .map(page -> {
                    List<Long> ids = idsOf(page);
                    Gap gap = page.gap();
                    return (gap == null ? "" : "gap " + gap.from() + "-" + gap.to() + ": ")
                            + (ids.isEmpty() ? "" : ids.get(0) + "-" + ids.get(ids.size() - 1));
                })
                .toList();
    }

    private static int lengthOf(long firstId, long lastId) {
        return Stream.of(stored(firstId, lastId))
                .mapToInt(line -> line.length() + 1)
                .sum();
    }

    private static String[] stored(long firstId, long lastId) {
        return LongStream.rangeClosed(firstId, lastId)
                .mapToObj(id -> line(id % 2 == 0 ? BUILD : DEPLOY, "number " + id)
                        .at(id)
                        .jsonText())
                .toArray(String[]::new);
    }
}
