package io.observer.log;

import static io.observer.event.TestEvents.lines;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.ids;
import static io.observer.log.FaultyDisk.Call.FORCE;
import static io.observer.log.FaultyDisk.Call.WRITE;
import static io.observer.log.LogFolder.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What has happened on the disk when an append is answered. */
class FileEventLogDurabilityTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    @ParameterizedTest
    @EnumSource(Durability.class)
    void is_named_as_in_the_settings(Durability durability) {
        assertThat(folder(durability).open().durability())
                .isEqualTo(durability.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void many_appends_share_one_write_and_at_most_one_flush(Durability durability) {
        HeldScheduler held = new HeldScheduler();
        LogFolder folder = folder(durability);
        FileEventLog log = folder.open(new UntimedScheduler(held.scheduler()));
        log.append(lines(1)).subscribe();
        held.release();
        int writes = folder.disk.count(WRITE);
        int flushes = folder.disk.count(FORCE);
        List<Appended> answers = new ArrayList<>();

        for (int n = 0; n < 100; n++) {
            log.append(lines(3)).subscribe(answers::add);
        }
        assertThat(answers).isEmpty();
        held.release();

        assertThat(answers).hasSize(100);
        assertThat(folder.output.ids()).isEqualTo(ids(1, 301));
        assertThat(folder.disk.count(WRITE) - writes).isEqualTo(1);
        assertThat(folder.disk.count(FORCE) - flushes).isEqualTo(durability == Durability.ALWAYS ? 1 : 0);
    }

    @Test
    void always_answers_and_hands_out_only_after_the_flush() throws Exception {
        LogFolder folder = folder(Durability.ALWAYS);
        Scheduler writer = Schedulers.newSingle("test-log-writer", true);
        try {
            FileEventLog log = folder.open(new UntimedScheduler(writer));
            CountDownLatch flushing = new CountDownLatch(1);
            CountDownLatch mayGoOn = new CountDownLatch(1);
            folder.disk.watch(request -> {
                if (request.call() == FORCE && request.isOn(".jsonl")) {
                    flushing.countDown();
                    await(mayGoOn);
                }
            });
            AtomicReference<Appended> answer = new AtomicReference<>();
            CountDownLatch answered = new CountDownLatch(1);
            log.append(lines(3)).subscribe(appended -> {
                answer.set(appended);
                answered.countDown();
            });

            await(flushing);
            assertThat(folder.lines()).as("written").hasSize(3);
            assertThat(answer.get()).as("not answered").isNull();
            assertThat(folder.output.events()).as("not handed out").isEmpty();
            mayGoOn.countDown();

            await(answered);
            assertThat(answer.get()).isEqualTo(new Appended(1, 3));
            assertThat(folder.output.ids()).containsExactly(1L, 2L, 3L);
            log.close().block(LONG_ENOUGH);
        } finally {
            writer.dispose();
        }
    }

    @Test
    void process_answers_when_the_kernel_has_it_and_never_flushes_for_it() {
        LogFolder folder = folder(Durability.PROCESS);
        FileEventLog log = folder.open();
        append(log, lines(1));
        int flushes = folder.disk.count(FORCE);

        for (int n = 0; n < 20; n++) {
            append(log, lines(2));
            assertThat(folder.lines()).hasSize(1 + 2 * (n + 1));
        }
        folder.tend();

        assertThat(folder.disk.count(FORCE)).isEqualTo(flushes);
    }

    @Test
    void interval_flushes_each_second_in_which_something_was_written() {
        LogFolder folder = folder(Durability.INTERVAL);
        FileEventLog log = folder.open();
        append(log, lines(1));
        folder.tend();
        int flushes = folder.disk.count(FORCE);

        append(log, lines(2));
        append(log, lines(2));
        assertThat(folder.disk.count(FORCE)).isEqualTo(flushes);
        folder.tend();
        assertThat(folder.disk.count(FORCE)).isEqualTo(flushes + 1);
        folder.tend();
        folder.tend();
        assertThat(folder.disk.count(FORCE)).as("nothing was written meanwhile").isEqualTo(flushes + 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"INTERVAL", "ALWAYS"})
    void a_segment_that_is_full_is_flushed_before_the_next_is_written(Durability durability) {
        LogFolder folder = folder(durability).withSegmentsOf(600);
        FileEventLog log = folder.open();
        List<String> events = new ArrayList<>();
        folder.disk.watch(request -> {
            if (request.isOn(".jsonl") && (request.call() == WRITE || request.call() == FORCE)) {
                events.add(request.call() + " " + request.file().getFileName());
            }
        });

        for (int n = 0; n < 20; n++) {
            append(log, lines(1));
        }

        assertThat(folder.segments()).hasSizeGreaterThan(3);
        for (int at = 1; at < events.size(); at++) {
            String before = events.get(at - 1);
            if (!nameIn(before).equals(nameIn(events.get(at)))) {
                assertThat(before).startsWith("FORCE");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void a_stop_flushes_all_that_was_written_before_it_calls_itself_clean(Durability durability) {
        LogFolder folder = folder(durability);
        FileEventLog log = folder.open();
        append(log, lines(3));
        List<String> events = new ArrayList<>();
        folder.disk.watch(
                request -> events.add(request.call() + " " + request.file().getFileName()));

        close(log);

        assertThat(events)
                .containsSubsequence(
                        "FORCE life1-00000000000000000001.jsonl",
                        "WRITE identity.properties.new",
                        "FORCE identity.properties.new");
    }

    @Test
    void a_stop_flushes_full_segments_too_which_process_has_left_to_the_kernel() {
        LogFolder folder = folder(Durability.PROCESS).withSegmentsOf(600);
        FileEventLog log = folder.open();
        for (int n = 0; n < 20; n++) {
            append(log, lines(1));
        }
        Set<String> flushed = new HashSet<>();
        folder.disk.watch(request -> {
            if (request.call() == FORCE && request.isOn(".jsonl")) {
                flushed.add(request.file().getFileName().toString());
            }
        });

        close(log);

        assertThat(folder.segments()).hasSizeGreaterThan(3);
        assertThat(flushed)
                .containsExactlyInAnyOrderElementsOf(folder.segments().stream()
                        .map(segment -> segment.getFileName().toString())
                        .toList());
    }

    @Test
    void no_id_is_written_before_it_is_set_aside() {
        LogFolder folder = folder(Durability.PROCESS);
        folder.putSegment("life1", 1, "");
        folder.putIdentity("life1", 3);
        FileEventLog log = folder.open();
        List<Long> reserved = new ArrayList<>();
        folder.disk.watch(request -> {
            if (request.call() == WRITE && request.isOn(".jsonl")) {
                reserved.add(folder.identity().reservedId());
            }
        });

        append(log, lines(3));
        append(log, lines(2));

        assertThat(reserved).containsExactly(3L, 5 + SegmentStore.RESERVE);
        assertThat(folder.output.events()).extracting(Event::id).isEqualTo(ids(1, 5));
    }

    private static String nameIn(String event) {
        return event.substring(event.indexOf(' ') + 1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private LogFolder folder(Durability durability) {
        return new LogFolder(directory.resolve("log")).with(durability);
    }
}
