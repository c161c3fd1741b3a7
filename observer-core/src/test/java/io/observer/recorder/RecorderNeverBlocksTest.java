package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.bus.EventBus;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.log.ChannelOpener;
import io.observer.log.MemoryEventLog;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The recorder's own thread, and those that ask it, never wait: files are met on others. */
@Tag("blockhound")
class RecorderNeverBlocksTest {

    private static final Duration AT_MOST = Duration.ofMinutes(2);

    @TempDir
    Path temporary;

    private final Scheduler recording = Schedulers.newSingle("test-recorder");
    private final Scheduler parallel = Schedulers.newParallel("test-parallel", 2);
    private final ExecutorService files = Executors.newFixedThreadPool(2);
    private final EventBus bus = new EventBus(1_000, 1 << 20);
    private final MemoryEventLog log = new MemoryEventLog(
            "k3f9x2", new Retention(Duration.ofHours(1), 100_000, 0), Ticker.system(), parallel, 100_000, bus::publish);

    /** What went wrong, or touched a file, on a thread that must not block. BlockHound does not know file channels. */
    private final Queue<Object> offences = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void watch() {
        BlockHound.install();
    }

    @AfterEach
    void stop_the_threads() {
        Schedulers.resetOnHandleError();
        recording.dispose();
        parallel.dispose();
        files.shutdown();
    }

    @Test
    void recording_asking_and_closing_never_block() throws IOException {
        Schedulers.onHandleError((thread, failure) -> offences.add(failure));
        ChannelOpener watched = (file, options) -> {
            if (Schedulers.isInNonBlockingThread()) {
                offences.add(file + " on " + Thread.currentThread().getName());
            }
            return ChannelOpener.system().open(file, options);
        };
        Path workspace = Files.createDirectory(temporary.toRealPath().resolve("workspace"));
        ObserverRecorder recorder = ObserverRecorder.open(
                TestRecorder.defaults(temporary),
                log,
                bus,
                new EventJson(Clock.systemUTC()),
                recording,
                files,
                watched,
                Ticker.system());
        List<EventDraft> drafts =
                IntStream.range(0, 200).mapToObj(n -> Samples.process("a", n)).toList();

        Integer seen = recorder.register("a", workspace)
                .then(Mono.defer(() -> log.append(drafts)).repeat(49).then())
                .then(Mono.defer(() -> recorder.recent("a", 200)))
                .then(Mono.defer(() -> recorder.recent(200)))
                .flatMap(recent -> recorder.unregister("a").thenReturn(recent.size()))
                .delayUntil(size -> recorder.close())
                .subscribeOn(parallel)
                .block(AT_MOST);

        assertThat(offences).isEmpty();
        assertThat(seen).isEqualTo(200);
        assertThat(TestRecorder.lines(workspace.resolve(TestRecorder.FILE))).hasSize(10_000);
    }
}
