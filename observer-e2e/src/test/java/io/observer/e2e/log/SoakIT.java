package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseClients;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.SteppedClock;
import io.observer.e2e.kit.Vitals;
import io.observer.e2e.log.NumberedPublisher.Sent;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Ten minutes, or as long as {@code -Dobserver.soak=PT1M} says: a third with kills, the rest with one server. */
@Tag("long")
@Isolated
@DisplayName("Under mixed load, with readers that come and go, a disk that fills up, a clock that steps, and kills")
class SoakIT {

    private static final Duration TIME = Duration.parse(System.getProperty("observer.soak", "PT10M"));
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final List<String> STEPS = List.of("+0", "-1d", "+30d", "-2h");
    private static final int DISK = 512 << 20;
    private static final int MIB = 1 << 20;

    /** What a round leaves behind on the server: bytes of the heap after a collection, of the process, open files. */
    private record Left(long heap, long resident, long files) {}

    @TempDir
    private Path mountPoint;

    @TempDir
    private Path clockFile;

    private final List<NumberedPublisher> publishers = List.of(
            NumberedPublisher.ofSingles(), NumberedPublisher.ofArrays(), NumberedPublisher.ofLines("lines", 100));
    private final ScheduledExecutorService load = Executors.newScheduledThreadPool(4);
    private final ResumingReader everything = new ResumingReader("/v1/events/stream?since=earliest");
    private final AtomicReference<ObserverServer> running = new AtomicReference<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicBoolean quiet = new AtomicBoolean();
    private SmallDisk disk;
    private Optional<SteppedClock> clock;
    private int rounds;

    @BeforeEach
    void mount() {
        disk = SmallDisk.mount(mountPoint, DISK);
        clock = SteppedClock.in(clockFile);
    }

    @AfterEach
    void unmount() {
        load.shutdownNow();
        everything.close();
        disk.close();
    }

    @Test
    void nothing_is_lost_and_nothing_leaks() throws Exception {
        long begun = System.nanoTime();
        start();
        publishers.forEach(
                publisher -> load.scheduleWithFixedDelay(() -> publish(publisher), 0, 20, TimeUnit.MILLISECONDS));
        load.scheduleWithFixedDelay(this::comeAndGo, 0, 500, TimeUnit.MILLISECONDS);
        while (passed(begun).compareTo(TIME.dividedBy(3)) < 0) {
            round();
            running.get().kill();
            everything.takeToTheEnd();
            running.get().close();
            start();
        }

        List<Left> left = new ArrayList<>();
        do {
            round();
            left.add(look());
        } while (passed(begun).compareTo(TIME) < 0);
        load.shutdown();
        assertThat(load.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        stop();

        List<Sent> sent = publishers.stream().flatMap(p -> p.sent().stream()).toList();
        List<String> lines = new LogFiles(disk.path("data")).lines();
        System.out.printf(
                "soak: %d requests, %d of them refused, %d events; left after each round: %s%n",
                sent.size(), sent.stream().filter(s -> s.status() == 507).count(), lines.size(), left);
        Kept.assertKept(sent, lines);
        Kept.assertSame("what a reader got all along", everything.events(), lines);
        assertThat(sent).extracting(Sent::status).isSubsetOf(201, 507, 503, 0).contains(507);
        assertFlat(left);
    }

    private void start() {
        Map<String, String> environment = clock.map(SteppedClock::environment).orElse(Map.of());
        ObserverServer server = Load.start(environment, disk.path("data"));
        running.set(server);
        everything.connect(server);
    }

    private void stop() {
        try (ObserverServer server = running.get()) {
            server.terminate();
            everything.takeToTheFarewell();
            assertThat(server.exitCode()).isZero();
            assertThat(server.stdout() + server.stderr()).doesNotContain("OutOfMemory");
        }
    }

    /** A step of the clock where one can be had, a while of load, and at its end a disk that is full for a moment. */
    private void round() throws InterruptedException {
        String step = STEPS.get(rounds++ % STEPS.size());
        clock.ifPresent(it -> it.step(step));
        TimeUnit.MILLISECONDS.sleep(Math.min(ROUND.toMillis(), TIME.toMillis() / 10));
        int refused = refusals.get();
        disk.takeTheRest();
        Awaitility.await("a refusal").until(() -> refusals.get() > refused);
        disk.free();
        HttpApi api = new HttpApi(running.get());
        Awaitility.await("readiness").until(() -> api.get("/health/readiness").status() == 200);
    }

    private void publish(NumberedPublisher publisher) {
        if (quiet.get()) {
            return;
        }
        try {
            Sent sent = publisher.publishOnceTo(running.get());
            if (sent.status() == 507) {
                refusals.incrementAndGet();
            }
        } catch (UncheckedIOException away) {
            // It is being started again; nothing was sent.
        }
    }

    /** Twenty readers, half of which ask for all there is and take little of it. */
    private void comeAndGo() {
        if (quiet.get()) {
            return;
        }
        List<SseRecorder> readers = new ArrayList<>();
        try {
            for (int n = 0; n < 10; n++) {
                readers.add(SseRecorder.open(running.get(), "/v1/jobs/singles/events/stream?last=10"));
                readers.add(SseRecorder.openSlow(running.get(), "/v1/events/stream?since=earliest"));
            }
            readers.forEach(SseRecorder::head);
        } catch (UncheckedIOException | AssertionError away) {
            // It is being started again.
        } finally {
            readers.forEach(SseRecorder::close);
        }
    }

    /** While nobody asks for anything, so that what is there is what was left. */
    private Left look() throws Exception {
        ObserverServer server = running.get();
        quiet.set(true);
        Awaitility.await("quiet").until(() -> new Vitals(server).metric("observer_streams_open") == 1);
        String jcmd = SseClients.need(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString())
                .toString();
        String pid = Long.toString(server.pid());
        assertThat(new ProcessBuilder(jcmd, pid, "GC.run").start().waitFor()).isZero();
        Vitals vitals = new Vitals(server);
        Left left = new Left(
                (long) vitals.metric("jvm_memory_used_bytes\\{[^}]*heap\"[^}]*}"),
                vitals.residentBytes(),
                vitals.openFiles());
        quiet.set(false);
        return left;
    }

    /** By the middle what is kept in memory, within its bounds, is full. */
    private static void assertFlat(List<Left> left) {
        Left first = left.get(left.size() / 2);
        Left last = left.get(left.size() - 1);
        assertThat(last.heap()).as("heap after a collection, %s", left).isLessThan(first.heap() + 32 * MIB);
        assertThat(last.resident()).as("resident memory, %s", left).isLessThan(first.resident() + 160 * MIB);
        assertThat(last.files()).as("open files, %s", left).isLessThan(first.files() + 60);
    }

    private static Duration passed(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
