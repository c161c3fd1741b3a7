package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEventLogTest extends RetainedEventLogContract {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final AtomicInteger opened = new AtomicInteger();
    private final ExecutorService reading = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop_reading() {
        reading.shutdown();
    }

    @Override
    protected EventLog open(LogSetup setup) {
        return open(setup, 1L << 30);
    }

    @Override
    protected EventLog openSmall() {
        return open(roomy(), 40_000);
    }

    private FileEventLog open(LogSetup setup, long maxBytes) {
        FileLogSettings settings = new FileLogSettings(
                directory.resolve("log" + opened.incrementAndGet()),
                Durability.PROCESS,
                Duration.ofDays(7),
                maxBytes,
                64L << 20,
                1_000);
        return FileEventLog.open(
                settings,
                setup.ticker(),
                () -> "k3f9x2",
                new FaultyDisk(),
                new UntimedScheduler(setup.writing()),
                reading,
                setup.maxQueued(),
                setup.output());
    }

    @Test
    void is_the_backend_file() {
        EventLog log = open();

        assertThat(log.backend()).isEqualTo("file");
        assertThat(log.durability()).isEqualTo("process");
        assertThat(log.epoch()).isEqualTo("k3f9x2");
        assertThat(log.health()).isEqualTo(LogHealth.GOOD);
        assertThat(log.takeJobsFound()).isEmpty();
    }

    @Test
    void what_was_answered_stands_in_the_file_as_lines_of_json() {
        EventLog log = open();

        append(log, line(BUILD, "hello"));

        assertThat(LogFolder.read(Segment.path(directory.resolve("log1"), "k3f9x2", 1)))
                .isEqualTo("""
                        {"id":1,"job_id":"build-7","sheet_num":0,"event":"log.line","data":{"line":"hello"},\
                        "timestamp":1732152419.250000}
                        """);
    }

    @Test
    void an_unused_log_is_one_empty_segment_an_identity_and_a_lock() {
        open();

        assertThat(directory.resolve("log1"))
                .isDirectoryContaining("glob:**/k3f9x2-00000000000000000001.jsonl")
                .isDirectoryContaining("glob:**/identity.properties")
                .isDirectoryContaining("glob:**/lock");
        assertThat(new LogFolder(directory.resolve("log1")).files("")).hasSize(3);
    }
}
