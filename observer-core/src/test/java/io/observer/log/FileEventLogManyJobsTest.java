package io.observer.log;

import static io.observer.event.TestEvents.draft;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every event with a job of its own: names take more than rows. */
class FileEventLogManyJobsTest {

    private static final int BATCH = 5_000;

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    @Test
    void a_segment_ends_when_the_names_in_it_take_too_much_memory() {
        LogFolder folder = new LogFolder(directory.resolve("log")).telling(10);
        FileEventLog log = folder.open();
        int events = 0;
        while (folder.segments().size() < 3) {
            assertThat(events).isLessThan(300_000);
            append(log, jobs(events, BATCH));
            events += BATCH;
        }
        close(log);

        for (Path segment : folder.segments()) {
            SegmentIndex stored =
                    SegmentIndexFile.loadReadOnly(segment, segment.toFile().length());
            assertThat(stored.jobNames().bytes()).isLessThan(SegmentIndex.MAX_NAME_BYTES);
        }

        FileEventLog again = folder.open();

        assertThat(again.bounds()).isEqualTo(new LogBounds(1, events));
        assertThat(LogFolder.pages(again, EventFilter.job(name(events - 1)), 10))
                .flatExtracting(LogPage::events)
                .hasSize(1);
        assertThat(again.takeJobsFound())
                .extracting(JobTrace::jobId)
                .containsExactlyElementsOf(IntStream.iterate(events - 1, number -> number - 1)
                        .limit(10)
                        .mapToObj(FileEventLogManyJobsTest::name)
                        .toList());
        assertThat(again.takeJobsFound()).as("taken").isEmpty();
        close(again);
    }

    private static List<EventDraft> jobs(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> draft(name(number), "log.line"))
                .toList();
    }

    private static String name(int number) {
        return String.format("job-%0100d", number);
    }
}
