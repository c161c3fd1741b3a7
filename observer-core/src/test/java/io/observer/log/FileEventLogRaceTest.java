package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.EventLogContract.inParallel;
import static io.observer.log.EventLogContract.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Readers that walk through a log while segments are begun and removed under them. Each id is either delivered or inside
 * a gap, never both and never neither.
 */
class FileEventLogRaceTest {

    private static final int LAST_ID = 20_000;
    private static final int READERS = 3;

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final ExecutorService reading = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop_threads() {
        writing.dispose();
        reading.shutdown();
    }

    @Test
    void readers_of_tiny_segments_are_told_of_every_id_once() throws Exception {
        EventLog log = segmentsOnly(2_000, 16_000, 1);

        List<Long> told = race(log, number -> walk(log, EventFilter.all(), 1 + number * 20));

        assertThat(told).containsOnly((long) LAST_ID);
    }

    @Test
    void readers_of_one_job_miss_nothing_outside_the_gaps_they_are_told() throws Exception {
        EventLog log = segmentsOnly(2_000, 16_000, 1);

        race(log, number -> walk(log, EventFilter.job(DEPLOY), 1 + number * 20));
    }

    @Test
    void readers_cross_from_files_into_memory_and_fall_back_without_a_hole() throws Exception {
        FileLogSettings settings = new FileLogSettings(
                directory.resolve("log"), Durability.PROCESS, LogFolder.WEEK, 1_800_000, 100_000, 1_000);
        FileEventLog log = FileEventLog.open(
                settings, new ManualTicker(), () -> "k3f9x2", new FaultyDisk(), writing, reading, 10_000, stored -> {});

        List<Long> told = race(log, number -> walk(log, EventFilter.all(), 7 + number * 500));

        assertThat(told).containsOnly((long) LAST_ID);
        assertThat(log.bounds().firstId()).isBetween(2L, LAST_ID - 10_000L);
        LogFolder.close(log);
    }

    @Test
    void bounds_and_last_positions_make_sense_at_any_moment() throws Exception {
        EventLog log = segmentsOnly(500, 4_000, 1);

        race(log, number -> {
            for (long before = 0; before < LAST_ID; ) {
                LogBounds bounds = log.bounds();
                assertThat(bounds.lastId()).isGreaterThanOrEqualTo(before);
                assertThat(bounds.firstId()).isBetween(1L, bounds.lastId() + 1);
                assertThat(beforeLast(log, 3, EventFilter.all())).isGreaterThanOrEqualTo(before - 3);
                assertThat(beforeLast(log, 1_000_000, EventFilter.job(DEPLOY))).isGreaterThanOrEqualTo(0);
                before = bounds.lastId();
            }
            return 0L;
        });
    }

    private EventLog segmentsOnly(int segmentBytes, int maxBytes, int indexBytes) {
        FileLogSettings settings = new FileLogSettings(
                directory.resolve("log"), Durability.PROCESS, LogFolder.WEEK, maxBytes, segmentBytes, 1_000);
        return new SegmentsOnlyLog(
                settings,
                new SegmentIndexes(indexBytes),
                new FaultyDisk(),
                new ManualTicker(),
                writing,
                10_000,
                stored -> {});
    }

    /** Some readers against one publisher; answers what they counted. */
    private static List<Long> race(EventLog log, EventLogContract.Numbered<Long> reader) throws Exception {
        return inParallel(READERS + 1, number -> number == READERS ? fill(log) : reader.run(number))
                .subList(0, READERS);
    }

    /** Every third event is of another job; batches of different sizes. */
    private static Long fill(EventLog log) {
        EventDraft build = line(BUILD, "x");
        EventDraft deploy = line(DEPLOY, "x");
        long id = 0;
        for (int size = 1; id < LAST_ID; size = size % 40 + 1) {
            List<EventDraft> batch = new ArrayList<>();
            while (batch.size() < size && id < LAST_ID) {
                id++;
                batch.add(id % 3 == 0 ? deploy : build);
            }
            append(log, batch);
        }
        return id;
    }

    /** How many ids it was told of. */
    private static long walk(EventLog log, EventFilter filter, int limit) {
        long told = 0;
        for (long position = 0; position < LAST_ID; ) {
            LogPage page = read(log, position, filter, limit);
            long next = position + 1;
            Gap gap = page.gap();
            if (gap != null) {
                assertThat(gap.from()).isEqualTo(next);
                assertThat(gap.to()).isGreaterThanOrEqualTo(gap.from());
                assertThat(gap.dropped()).isEqualTo(filter.passesAll() ? gap.to() - gap.from() + 1 : null);
                next = gap.to() + 1;
                told += next - gap.from();
            }
            for (Event event : page.events()) {
                assertThat(event.id()).isEqualTo(nextWanted(next, filter));
                next = event.id() + 1;
                told++;
            }
            assertThat(page.covered()).as("what is covered").isBetween(next - 1, nextWanted(next, filter) - 1);
            position = page.covered();
        }
        return told;
    }

    private static long nextWanted(long id, EventFilter filter) {
        return filter.passesAll() ? id : (id + 2) / 3 * 3;
    }
}
