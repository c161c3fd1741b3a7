package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.event.EventFilter;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Whoever asks a file log may be on a thread that must not block; the files are read on others. */
@Tag("blockhound")
class FileEventLogNeverBlocksTest {

    private static final Duration AT_MOST = Duration.ofMinutes(2);

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final Scheduler parallel = Schedulers.newParallel("test-parallel", 2);
    private final Scheduler writing = Schedulers.fromExecutor(Executors.newSingleThreadExecutor(), true);
    private final ExecutorService reading = Executors.newFixedThreadPool(2);

    /** Calls to the disk on a thread that must not block. BlockHound does not know file channels. */
    private final Queue<String> blocking = new ConcurrentLinkedQueue<>();

    private final FaultyDisk disk = new FaultyDisk();
    private FileEventLog log;

    @BeforeAll
    static void watch() {
        BlockHound.install();
    }

    @BeforeEach
    void a_log_whose_events_are_all_on_disk_only() {
        LogFolder folder = new LogFolder(directory.resolve("log")).withSegmentsOf(20_000);
        FileEventLog before = folder.open();
        for (int n = 0; n < 100; n++) {
            before.append(lines(20)).block(AT_MOST);
        }
        LogFolder.close(before);
        disk.watch(request -> {
            if (Schedulers.isInNonBlockingThread()) {
                blocking.add(request + " on " + Thread.currentThread().getName());
            }
        });
        log = FileEventLog.open(
                folder.settings(),
                new ManualTicker(),
                () -> "unused",
                disk,
                new UntimedScheduler(writing),
                reading,
                10_000,
                stored -> {});
    }

    @AfterEach
    void stop_threads() {
        parallel.dispose();
        writing.dispose();
        reading.shutdown();
    }

    @Test
    void a_blocking_call_would_be_noticed() {
        assertThatThrownBy(() -> onParallel(() -> {
                    Thread.sleep(1);
                    return Mono.just("blocked");
                }))
                .hasRootCauseInstanceOf(BlockingOperationError.class);
        assertThat(onParallel(() -> Mono.just(
                        disk.open(directory.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                                .isOpen())))
                .isTrue();
        assertThat(blocking).hasSize(1);
    }

    @Test
    void reading_old_events_does_not_block_the_thread_that_asks() {
        LogPage page = onParallel(() -> log.read(0, EventFilter.all(), PageLimit.of(1_000)));

        assertThat(page.events()).hasSize(1_000);
        assertThat(disk.count(FaultyDisk.Call.READ)).as("read from files").isPositive();
        assertThat(blocking).isEmpty();
    }

    @Test
    void nothing_that_may_be_asked_does() {
        assertThat(onParallel(() -> log.positionBeforeLast(10, named("log.*")))).isEqualTo(1_990);
        assertThat(onParallel(() -> log.read(0, EventFilter.job(BUILD), PageLimit.of(0)))
                        .hasMore())
                .isTrue();
        assertThat(onParallel(() -> log.append(lines(3)))).isEqualTo(new Appended(2_001, 2_003));
        assertThat(onParallel(() -> log.read(2_000, EventFilter.all(), PageLimit.of(10)))
                        .events())
                .hasSize(3);
        assertThat(onParallel(() -> log.positionBeforeLast(0, EventFilter.all())))
                .isEqualTo(2_003);
        assertThat(onParallel(() -> Mono.just(log.bounds()))).isEqualTo(new LogBounds(1, 2_003));
        assertThat(onParallel(() -> Mono.just(log.health()))).isEqualTo(LogHealth.GOOD);
        List<LogPage> many = onParallel(() -> Flux.range(0, 200)
                .flatMap(n -> log.read(n * 10L, EventFilter.all(), PageLimit.of(100)), 50)
                .collectList());
        assertThat(many).hasSize(200);
        onParallel(() -> log.close().thenReturn("closed"));

        assertThat(blocking).isEmpty();
    }

    private <T> T onParallel(Callable<Mono<T>> question) {
        return Mono.fromCallable(question)
                .flatMap(answer -> answer)
                .subscribeOn(parallel)
                .block(AT_MOST);
    }
}
