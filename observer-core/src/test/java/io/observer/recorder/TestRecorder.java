package io.observer.recorder;

import io.observer.bus.EventBus;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.TestEvents;
import io.observer.log.ChannelOpener;
import io.observer.log.MemoryEventLog;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A log, a bus and a recorder on one virtual clock, in the thread of the test: what is published is recorded when
 * {@code publish} returns.
 */
final class TestRecorder {

    static final String FILE = ".marianne-observer.jsonl";

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final EventBus bus = new EventBus(1_000, 1 << 20);
    final MemoryEventLog log;
    final Path root;

    private final EventJson json = new EventJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));
    private RecorderSettings settings;
    private Executor files = Runnable::run;
    ObserverRecorder recorder;

    /** @param root what may hold workspaces; the recorder's own directory is there too */
    TestRecorder(Path root, UnaryOperator<RecorderSettings> change) {
        this(root, 100_000, change);
    }

    /** @param retained how many events the log keeps */
    TestRecorder(Path root, int retained, UnaryOperator<RecorderSettings> change) {
        this.root = root;
        this.log = new MemoryEventLog(
                "k3f9x2",
                new Retention(Duration.ofHours(24), retained, 0),
                () -> time.now(TimeUnit.NANOSECONDS),
                time,
                1_000_000,
                bus::publish);
        this.settings = change.apply(defaults(root));
        this.recorder = open();
    }

    TestRecorder(Path root) {
        this(root, settings -> settings);
    }

    static RecorderSettings defaults(Path root) {
        return new RecorderSettings(
                true,
                true,
                List.of(".git/", "__pycache__/", "node_modules/", ".venv/", "*.pyc"),
                Duration.ofSeconds(2),
                10 << 20,
                FILE,
                200,
                List.of(root),
                100,
                100,
                root.resolve("recorder"));
    }

    private ObserverRecorder open() {
        return ObserverRecorder.open(
                settings,
                log,
                bus,
                json,
                time,
                task -> files.execute(task),
                ChannelOpener.system(),
                () -> time.now(TimeUnit.NANOSECONDS));
    }

    /** As a server that stops and starts again over a log that keeps its past. */
    void restart(UnaryOperator<RecorderSettings> change) {
        recorder.close().block();
        settings = change.apply(settings);
        recorder = open();
    }

    /** What reads and writes files from now on. */
    void filesBy(Executor executor) {
        files = executor;
    }

    Path workspace(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    Registered register(String job, @Nullable Path workspace) {
        return java.util.Objects.requireNonNull(
                recorder.register(job, workspace).block());
    }

    /** Registers a job with a workspace called as it is; answers its timeline. */
    Path record(String job) throws IOException {
        Path workspace = workspace(job);
        register(job, workspace);
        return workspace.resolve(FILE);
    }

    void publish(EventDraft... drafts) {
        for (EventDraft draft : drafts) {
            log.append(List.of(draft)).block();
        }
    }

    void publishAtOnce(List<EventDraft> drafts) {
        log.append(drafts).block();
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    List<Long> recent(String job, int limit) {
        return ids(recorder.recent(job, limit).block());
    }

    List<Long> recentOfAll(int limit) {
        return ids(recorder.recent(limit).block());
    }

    /** The ids of the lines of a timeline. */
    static List<Long> lines(Path timeline) throws IOException {
        List<Long> ids = new ArrayList<>();
        if (Files.exists(timeline)) {
            Files.readAllLines(timeline)
                    .forEach(line -> ids.add(Long.valueOf(line.replaceAll("^\\{\"id\":(\\d+),.*}$", "$1"))));
        }
        return ids;
    }

    private static List<Long> ids(@Nullable List<Event> events) {
        return events == null
                ? List.of()
                : Arrays.asList(events.stream().map(Event::id).toArray(Long[]::new));
    }
}
