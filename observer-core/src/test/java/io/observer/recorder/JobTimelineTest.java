package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.log.ManualTicker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The way of a job's lines to its file")
class JobTimelineTest {

    private final FakeFile file = new FakeFile();
    private final List<String> told = new ArrayList<>();
    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final List<Duration> waits = new ArrayList<>();
    private final Queue<Runnable> retries = new ArrayDeque<>();
    private final ManualTicker ticker = new ManualTicker();
    private final AtomicLong pending = new AtomicLong();
    private final JobTimeline timeline = new JobTimeline(
            "build-7",
            file,
            1_000,
            pool::add,
            (task, wait) -> {
                retries.add(task);
                waits.add(wait);
            },
            ticker,
            pending,
            new Told());

    @Test
    void is_one_write_for_all_that_waits() {
        add("1", "2", "3");
        assertThat(file.writes).isEmpty();

        work();

        assertThat(file.writes).containsExactly("1,2,3");
        assertThat(told).containsExactly("written 3");
        assertThat(pending).hasValue(0);
    }

    @Test
    void is_gone_by_one_task_at_a_time() {
        add("1");
        add("2");

        assertThat(pool).hasSize(1);
        work();
        assertThat(file.writes).containsExactly("1,2");
    }

    @Test
    void is_tried_again_later_and_later_when_the_workspace_fails() {
        file.fails = new NoSuchFileException("/secret/path");
        add("1");
        work();
        for (int n = 0; n < 6; n++) {
            retry();
        }

        assertThat(waits)
                .extracting(Duration::toMillis)
                .containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L);
        assertThat(told.stream().filter(what -> !what.equals("failed")))
                .containsExactly("degraded build-7: the workspace does not exist, lost 0");
        assertThat(timeline.fault()).isEqualTo("the workspace does not exist");
    }

    @Test
    void is_taken_up_where_it_was_left_once_the_workspace_is_well() {
        file.fails = new IOException("No space left on device");
        add("1");
        work();
        add("2");
        file.fails = null;

        retry();

        assertThat(file.writes).containsExactly("1,2");
        assertThat(told)
                .containsExactly(
                        "failed",
                        "degraded build-7: No space left on device, lost 0",
                        "written 2",
                        "recovered build-7, lost 0");
        assertThat(timeline.fault()).isNull();
    }

    @Test
    void loses_the_oldest_when_too_much_waits_and_says_so_once() {
        file.fails = new IOException("No space left on device");
        String large = "x".repeat(368);
        add("1" + large, "2" + large);
        work();
        add("3" + large, "4" + large);
        assertThat(pending).hasValueLessThanOrEqualTo(1_000);
        file.fails = null;

        retry();

        assertThat(file.writes).containsExactly("3" + large + ",4" + large);
        assertThat(told)
                .containsExactly(
                        "failed",
                        "degraded build-7: No space left on device, lost 0",
                        "lost 1",
                        "degraded build-7: No space left on device, lost 1",
                        "lost 1",
                        "written 2",
                        "recovered build-7, lost 2");
    }

    @Test
    void holds_up_what_comes_until_half_of_it_is_gone() {
        String line = "x".repeat(68);
        add(line, line, line, line);
        assertThat(timeline.holdsUp(400)).isFalse();
        assertThat(timeline.holdsUp(399)).isTrue();
        assertThat(timeline.holdsUp(799)).isTrue();

        assertThat(timeline.holdsUp(800)).isFalse();
        assertThat(timeline.holdsUp(799)).isFalse();
        assertThat(timeline.holdsUp(399)).isTrue();
        work();

        assertThat(timeline.holdsUp(0)).isFalse();
        assertThat(told).containsExactly("written 4");
    }

    @Test
    void holds_nothing_up_when_the_workspace_fails() {
        file.fails = new IOException("No space left on device");
        add("1");
        assertThat(timeline.holdsUp(0)).isTrue();

        work();

        assertThat(timeline.holdsUp(0)).isFalse();
    }

    @Test
    void holds_up_others_for_so_long_and_no_longer_until_it_has_caught_up() {
        add("1");
        assertThat(timeline.holdsUp(0)).isTrue();
        ticker.advance(JobTimeline.MAY_HOLD_UP);
        assertThat(timeline.holdsUp(0)).isTrue();
        ticker.advance(Duration.ofMillis(1));
        assertThat(timeline.holdsUp(0)).isFalse();
        assertThat(timeline.fault()).isEqualTo("the workspace is slower than the events of the job");

        work();
        add("2");

        assertThat(timeline.holdsUp(0)).isTrue();
        assertThat(told)
                .containsExactly(
                        "degraded build-7: the workspace is slower than the events of the job, lost 0",
                        "written 1",
                        "recovered build-7, lost 0");
    }

    @Test
    void has_more_room_for_what_comes_at_once_while_the_workspace_is_well() {
        String line = "x".repeat(68);
        for (int n = 0; n < 30; n++) {
            timeline.add(line.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(told).isEmpty();

        timeline.add(line.getBytes(StandardCharsets.UTF_8));

        assertThat(told)
                .containsExactly(
                        "lost 1", "degraded build-7: the workspace is slower than the events of the job, lost 1");
    }

    @Test
    void is_degraded_by_a_write_that_does_not_come_back_and_well_again_when_it_does() {
        add("1");
        ticker.advance(JobTimeline.MAY_TAKE.plusMillis(1));
        timeline.tend();
        assertThat(timeline.fault()).isEqualTo("the workspace does not answer");

        work();

        assertThat(timeline.fault()).isNull();
        assertThat(told)
                .containsExactly(
                        "degraded build-7: the workspace does not answer, lost 0",
                        "written 1",
                        "recovered build-7, lost 0");
    }

    @Test
    void is_closed_when_nobody_has_gone_it_for_long_and_opened_unseen() {
        add("1");
        work();
        ticker.advance(JobTimeline.STAYS_OPEN);
        timeline.tend();
        assertThat(pool).isEmpty();

        ticker.advance(Duration.ofMillis(1));
        timeline.tend();
        work();
        assertThat(file.open).isFalse();
        add("2");
        work();

        assertThat(file.writes).containsExactly("1", "2");
        assertThat(told).containsExactly("written 1", "written 1");
    }

    @Test
    void ends_when_all_is_written() {
        add("1");
        timeline.close(() -> told.add("closed"));
        work();

        assertThat(file.writes).containsExactly("1");
        assertThat(file.open).isFalse();
        assertThat(told).containsExactly("written 1", "closed");
    }

    @Test
    void ends_at_once_when_nothing_was_ever_written() {
        timeline.close(() -> told.add("closed"));
        work();

        assertThat(told).containsExactly("closed");
    }

    @Test
    void ends_with_the_loss_of_what_the_workspace_does_not_take() {
        file.fails = new IOException("No space left on device");
        add("1", "2");
        work();

        timeline.close(() -> told.add("closed"));
        work();

        assertThat(told).endsWith("failed", "lost 2", "degraded build-7: No space left on device, lost 2", "closed");
        assertThat(pending).hasValue(0);
    }

    @Test
    void ends_while_a_write_is_on_its_way() {
        add("1");
        file.during = () -> timeline.close(() -> told.add("closed"));
        work();

        assertThat(told).containsExactly("written 1", "closed");
        assertThat(file.open).isFalse();
    }

    private void add(String... lines) {
        for (String line : lines) {
            timeline.add(line.getBytes(StandardCharsets.UTF_8));
        }
        timeline.wake();
    }

    private void work() {
        for (Runnable task = pool.poll(); task != null; task = pool.poll()) {
            task.run();
        }
    }

    private void retry() {
        retries.remove().run();
        work();
    }

    private static final class FakeFile implements LineFile {

        final List<String> writes = new ArrayList<>();

        @Nullable
        IOException fails;

        Runnable during = () -> {};
        boolean open;

        @Override
        public void write(List<byte[]> lines) throws IOException {
            during.run();
            if (fails != null) {
                throw fails;
            }
            open = true;
            writes.add(String.join(
                    ",",
                    lines.stream()
                            .map(line -> new String(line, StandardCharsets.UTF_8))
                            .toList()));
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    private final class Told implements JobTimeline.Listener {

        @Override
        public void degraded(String job, String reason, long lost) {
            told.add("degraded " + job + ": " + reason + ", lost " + lost);
        }

        @Override
        public void recovered(String job, long lost) {
            told.add("recovered " + job + ", lost " + lost);
        }

        @Override
        public void written(int lines) {
            told.add("written " + lines);
        }

        @Override
        public void failed() {
            told.add("failed");
        }

        @Override
        public void lost(long lines) {
            told.add("lost " + lines);
        }
    }
}
