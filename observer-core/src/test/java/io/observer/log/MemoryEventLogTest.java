package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryEventLogTest extends RetainedEventLogContract {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofNanos(1);

    @Override
    protected EventLog open(LogSetup setup) {
        return new MemoryEventLog(
                "k3f9x2", setup.retention(), setup.ticker(), setup.writing(), setup.maxQueued(), setup.output());
    }

    @Override
    protected EventLog openSmall() {
        return openKeeping(new Retention(HOUR, 16, 1 << 20));
    }

    @Test
    void is_the_backend_memory() {
        EventLog log = open();

        assertThat(log.backend()).isEqualTo("memory");
        assertThat(log.durability()).isEqualTo("memory");
        assertThat(log.epoch()).isEqualTo("k3f9x2");
    }

    @Nested
    class Bounded_by_number {

        @Test
        void keeps_the_newest() {
            EventLog log = openKeeping(new Retention(HOUR, 5, 1 << 20));

            append(log, lines(5));
            assertThat(log.bounds()).isEqualTo(new LogBounds(1, 5));
            append(log, lines(1));
            assertThat(log.bounds()).isEqualTo(new LogBounds(2, 6));
            append(log, lines(6));
            assertThat(log.bounds()).isEqualTo(new LogBounds(8, 12));

            assertThat(idsOf(read(log, 0))).containsExactly(8L, 9L, 10L, 11L, 12L);
            assertThat(read(log, 0).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, 7L, 7L));
            assertThat(read(log, 5).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 6L, 7L, 2L));
        }

        @Test
        void keeps_the_end_of_a_batch_that_is_larger_than_itself() {
            EventLog log = openKeeping(new Retention(HOUR, 5, 1 << 20));

            append(log, lines(23));

            assertThat(idsOf(read(log, 0))).containsExactly(19L, 20L, 21L, 22L, 23L);
            assertThat(output.ids()).as("the output gets all of it").isEqualTo(ids(1, 23));
        }

        @Test
        void may_keep_a_single_event() {
            EventLog log = openKeeping(new Retention(HOUR, 1, 1 << 20));

            append(log, lines(3));

            assertThat(log.bounds()).isEqualTo(new LogBounds(3, 3));
            assertThat(idsOf(read(log, 0))).containsExactly(3L);
        }
    }

    @Nested
    class Bounded_by_bytes {

        private final EventDraft line = line(BUILD, "x".repeat(1_000));
        private final int size = line.at(1_000).json().length;

        @Test
        void keeps_the_newest() {
            EventLog log = openKeeping(new Retention(HOUR, 2_000, 10L * size));

            for (int n = 0; n < 1_200; n++) {
                append(log, line);
            }

            assertThat(log.bounds()).isEqualTo(new LogBounds(1_191, 1_200));
            assertThat(idsOf(read(log, 0))).isEqualTo(ids(1_191, 1_200));
        }

        @Test
        void lets_many_small_events_go_for_a_large_one() {
            EventLog log = openKeeping(new Retention(HOUR, 2_000, 10L * size));

            append(log, lines(50));
            assertThat(log.bounds().firstId()).isEqualTo(1);
            append(log, line(BUILD, "x".repeat(9 * size)));

            assertThat(log.bounds().lastId()).isEqualTo(51);
            assertThat(log.bounds().firstId()).isGreaterThan(40);
            assertThat(read(log, 0).events().stream()
                            .mapToLong(e -> e.json().length)
                            .sum())
                    .isLessThanOrEqualTo(10L * size);
        }

        @Test
        void keeps_the_newest_event_however_large_it_is() {
            EventLog log = openKeeping(new Retention(HOUR, 2_000, 10L * size));

            append(log, lines(3));
            append(log, line(BUILD, "x".repeat(20 * size)));
            assertThat(idsOf(read(log, 3))).containsExactly(4L);
            assertThat(log.bounds()).isEqualTo(new LogBounds(4, 4));
            append(log, line);

            assertThat(log.bounds()).isEqualTo(new LogBounds(5, 5));
        }
    }

    @Nested
    class Bounded_by_age {

        private final EventLog log = openKeeping(new Retention(HOUR, 100, 1 << 20));

        @Test
        void an_event_is_gone_on_reading_as_soon_as_it_is_older_than_its_time() {
            append(log, lines(3));
            ticker.advance(HOUR);
            assertThat(idsOf(read(log, 0))).as("exactly as old").containsExactly(1L, 2L, 3L);
            assertThat(log.bounds()).isEqualTo(new LogBounds(1, 3));

            ticker.advance(TICK);

            assertThat(log.bounds()).isEqualTo(new LogBounds(4, 3));
            assertThat(log.bounds().isEmpty()).isTrue();
            assertThat(read(log, 0))
                    .isEqualTo(new LogPage(List.of(), 3, false, new Gap(Gap.Reason.EVICTED, 1L, 3L, 3L)));
            assertThat(read(log, 3)).isEqualTo(new LogPage(List.of(), 3, false, null));
            assertThat(beforeLast(log, 10, EventFilter.all())).isEqualTo(3);
        }

        @Test
        void the_younger_stay() {
            append(log, lines(2));
            ticker.advance(Duration.ofMinutes(40));
            append(log, lines(2));
            ticker.advance(Duration.ofMinutes(40));
            append(log, lines(2));

            assertThat(idsOf(read(log, 0))).containsExactly(3L, 4L, 5L, 6L);
            assertThat(beforeLast(log, 10, EventFilter.all())).isEqualTo(2);
            ticker.advance(Duration.ofMinutes(40));
            assertThat(idsOf(read(log, 0))).containsExactly(5L, 6L);
            assertThat(read(log, 3).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 4L, 4L, 1L));
            assertThat(read(log, 0, named("log.*"), 10).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, 4L, null));
        }

        @Test
        void ids_go_on_after_everything_has_expired() {
            append(log, lines(3));
            ticker.advance(HOUR.plus(TICK));

            assertThat(append(log, lines(2))).isEqualTo(new Appended(4, 5));

            assertThat(log.bounds()).isEqualTo(new LogBounds(4, 5));
            assertThat(idsOf(read(log, 0))).containsExactly(4L, 5L);
        }

        @Test
        void what_has_expired_makes_room_for_bytes() {
            EventDraft large = line(BUILD, "x".repeat(300_000 / 2));
            EventLog small = openKeeping(new Retention(HOUR, 100, 500_000));

            append(small, List.of(large, large));
            ticker.advance(HOUR.plus(TICK));
            append(small, List.of(large, large, large));

            assertThat(idsOf(read(small, 0))).containsExactly(3L, 4L, 5L);
        }

        @Test
        void the_age_is_that_in_the_log_and_not_the_timestamp_of_the_event() {
            append(
                    log,
                    List.of(
                            draft("{\"event\":\"of.1970\",\"timestamp\":0}"),
                            draft("{\"event\":\"of.2100\",\"timestamp\":4102444800}"),
                            draft("{\"event\":\"of.1901\",\"timestamp\":-2147483648}")));

            assertThat(idsOf(read(log, 0))).as("oldest first by id").containsExactly(1L, 2L, 3L);
            ticker.advance(HOUR);
            assertThat(idsOf(read(log, 0))).containsExactly(1L, 2L, 3L);
            ticker.advance(TICK);
            assertThat(idsOf(read(log, 0))).isEmpty();
        }
    }

    private EventLog openKeeping(Retention retention) {
        return open(roomy().with(retention));
    }
}
