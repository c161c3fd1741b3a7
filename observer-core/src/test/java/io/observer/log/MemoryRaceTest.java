package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers that walk through a tiny ring while the writer tears it from under them. Whatever they come to see, each id
 * is either delivered or inside a gap, never both and never neither.
 */
class MemoryRaceTest {

    private static final int LAST_ID = 60_000;

    @ParameterizedTest(name = "in a ring of {0}")
    @ValueSource(ints = {1, 2, 32, 1_000})
    void readers_are_told_of_every_id_once_as_an_event_or_inside_a_gap(int capacity) throws Exception {
        MemoryRing ring = new MemoryRing(new Retention(Duration.ofHours(1), capacity, 1 << 20), Ticker.system(), 1);

        List<Tally> tallies = race(ring, reader -> walk(ring, EventFilter.all(), 1 + reader * 20));

        assertThat(tallies)
                .allSatisfy(
                        tally -> assertThat(tally.delivered() + tally.dropped()).isEqualTo(LAST_ID));
    }

    @Test
    void readers_of_one_job_miss_nothing_outside_the_gaps_they_are_told() throws Exception {
        MemoryRing ring = new MemoryRing(new Retention(Duration.ofHours(1), 32, 1 << 20), Ticker.system(), 1);

        List<Tally> tallies = race(ring, reader -> walk(ring, EventFilter.job(DEPLOY), 1 + reader * 20));

        assertThat(tallies).allSatisfy(tally -> assertThat(tally.delivered()).isPositive());
    }

    @Test
    void what_expires_under_a_reader_is_told_as_a_gap() throws Exception {
        AtomicLong now = new AtomicLong();
        MemoryRing ring = new MemoryRing(new Retention(Duration.ofNanos(50), 1_000, 1 << 20), now::incrementAndGet, 1);

        List<Tally> tallies = race(ring, reader -> walk(ring, EventFilter.all(), 1 + reader * 20));

        assertThat(tallies)
                .allSatisfy(
                        tally -> assertThat(tally.delivered() + tally.dropped()).isEqualTo(LAST_ID));
    }

    @Test
    void bounds_and_last_positions_make_sense_at_any_moment() throws Exception {
        MemoryRing ring = new MemoryRing(new Retention(Duration.ofHours(1), 1, 1 << 20), Ticker.system(), 1);
        byte[] json = line(BUILD, "x").at(1).json();
        long lastId = 3_000_000;

        EventLogContract.inParallel(2, number -> {
            if (number == 0) {
                addAll(ring, lastId, json);
                return number;
            }
            for (long before = 0; before < lastId; ) {
                LogBounds bounds = ring.bounds();
                assertThat(bounds.lastId()).isGreaterThanOrEqualTo(before);
                assertThat(bounds.firstId()).isBetween(1L, bounds.lastId() + 1);
                assertThat(ring.positionBeforeLast(3, EventFilter.all())).isGreaterThanOrEqualTo(before - 3);
                before = bounds.lastId();
            }
            return number;
        });
    }

    /** As fast as can be: the events share their bytes. */
    private static void addAll(MemoryRing ring, long lastId, byte[] json) {
        for (long id = 0; id < lastId; ) {
            List<Event> batch = new ArrayList<>();
            while (batch.size() < 1_000) {
                batch.add(new Event(++id, BUILD, 0, "log.line", 0, json));
            }
            ring.add(batch);
        }
    }

    /** Four readers against one writer; answers what they found. */
    private static List<Tally> race(MemoryRing ring, EventLogContract.Numbered<Tally> reader) throws Exception {
        List<Tally> all = EventLogContract.inParallel(5, number -> number == 4 ? fill(ring) : reader.run(number));
        return all.subList(0, 4);
    }

    /** Every third event is of another job; batches of different sizes. */
    private static Tally fill(MemoryRing ring) {
        EventDraft build = line(BUILD, "x");
        EventDraft deploy = line(DEPLOY, "x");
        long id = 0;
        for (int size = 1; id < LAST_ID; size = size % 5 + 1) {
            List<Event> batch = new ArrayList<>();
            while (batch.size() < size && id < LAST_ID) {
                id++;
                batch.add((id % 3 == 0 ? deploy : build).at(id));
            }
            ring.add(batch);
        }
        return new Tally(0, 0);
    }

    private static Tally walk(MemoryRing ring, EventFilter filter, int limit) {
        long delivered = 0;
        long dropped = 0;
        for (long position = 0; position < LAST_ID; ) {
            LogPage page = ring.page(position, filter, PageLimit.of(limit));
            long next = position + 1;
            Gap gap = page.gap();
            if (gap != null) {
                assertThat(gap.from()).isEqualTo(next);
                assertThat(gap.to()).isGreaterThanOrEqualTo(gap.from());
                next = gap.to() + 1;
                dropped += next - gap.from();
            }
            for (Event event : page.events()) {
                long expected = filter.passesAll() ? next : nextMultipleOf3(next);
                assertThat(event.id()).isEqualTo(expected);
                next = event.id() + 1;
                delivered++;
            }
            assertThat(page.covered()).as("what is covered").isGreaterThanOrEqualTo(next - 1);
            long firstUntold = filter.passesAll() ? next : nextMultipleOf3(next);
            assertThat(page.covered()).as("what is covered").isLessThan(firstUntold);
            position = page.covered();
        }
        return new Tally(delivered, dropped);
    }

    private static long nextMultipleOf3(long id) {
        return (id + 2) / 3 * 3;
    }

    private record Tally(long delivered, long dropped) {}
}
