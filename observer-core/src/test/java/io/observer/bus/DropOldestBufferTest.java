package io.observer.bus;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.event;
import static io.observer.event.TestEvents.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DropOldestBufferTest {

    private static final long PLENTY = 1 << 20;

    @Test
    void is_polled_in_the_order_in_which_it_was_filled() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);

        offer(buffer, 1, 3);

        assertThat(polled(buffer)).containsExactly("1", "2", "3");
        assertThat(buffer.poll()).isNull();
    }

    @Test
    void when_full_lets_the_oldest_go_and_says_which_before_the_next() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);

        assertThat(offer(buffer, 1, 3)).isZero();
        assertThat(offer(buffer, 4, 8)).isEqualTo(5);

        assertThat(polled(buffer)).containsExactly("lost 1..5 (5)", "6", "7", "8");
    }

    @Test
    void says_each_loss_once_and_counts_anew() {
        DropOldestBuffer buffer = new DropOldestBuffer(2, PLENTY);

        offer(buffer, 1, 3);
        assertThat(show(buffer.poll())).isEqualTo("lost 1..1 (1)");
        assertThat(show(buffer.poll())).isEqualTo("2");
        offer(buffer, 4, 6);

        assertThat(polled(buffer)).containsExactly("lost 3..4 (2)", "5", "6");
    }

    @Test
    void counts_only_what_it_was_offered() {
        DropOldestBuffer buffer = new DropOldestBuffer(2, PLENTY);

        for (long id : new long[] {10, 20, 30, 40, 50}) {
            buffer.offer(event(id, BUILD, "log.line"));
        }

        assertThat(polled(buffer)).containsExactly("lost 10..30 (3)", "40", "50");
    }

    @Test
    void is_bounded_by_bytes_too() {
        int size = ofBytes(1, 1_000).json().length;
        DropOldestBuffer buffer = new DropOldestBuffer(100, 3L * size);

        for (long id = 1; id <= 3; id++) {
            assertThat(buffer.offer(ofBytes(id, 1_000))).isZero();
        }
        assertThat(buffer.offer(ofBytes(4, 1_000))).isEqualTo(1);
        assertThat(buffer.offer(ofBytes(5, 2_000))).as("room for a larger one").isEqualTo(2);

        assertThat(polled(buffer)).containsExactly("lost 1..3 (3)", "4", "5");
    }

    @Test
    void bytes_are_free_again_when_their_event_has_been_polled() {
        int size = ofBytes(1, 1_000).json().length;
        DropOldestBuffer buffer = new DropOldestBuffer(100, 2L * size);

        for (long id = 1; id <= 9; id++) {
            assertThat(buffer.offer(ofBytes(id, 1_000))).isZero();
            assertThat(show(buffer.poll())).isEqualTo(Long.toString(id));
        }
    }

    @Test
    void the_newest_event_always_finds_room() {
        DropOldestBuffer buffer = new DropOldestBuffer(100, 500);

        buffer.offer(event(1, BUILD, "log.line"));
        assertThat(buffer.offer(ofBytes(2, 5_000))).isEqualTo(1);
        assertThat(polled(buffer)).containsExactly("lost 1..1 (1)", "2");

        buffer.offer(ofBytes(3, 5_000));
        assertThat(buffer.offer(ofBytes(4, 5_000))).isEqualTo(1);
        assertThat(polled(buffer)).containsExactly("lost 3..3 (1)", "4");
    }

    @Test
    void forgets_what_the_subscriber_has_from_elsewhere() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);
        offer(buffer, 1, 3);

        assertThat(buffer.skipTo(2)).isTrue();

        assertThat(polled(buffer)).containsExactly("3");
    }

    @Test
    void does_not_take_what_the_subscriber_has_from_elsewhere() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);

        assertThat(buffer.skipTo(5)).isTrue();
        assertThat(offer(buffer, 3, 6)).isZero();

        assertThat(polled(buffer)).containsExactly("6");
    }

    @Test
    void a_loss_that_the_subscriber_has_from_elsewhere_is_none() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);
        offer(buffer, 1, 5);

        assertThat(buffer.skipTo(2)).isTrue();

        assertThat(polled(buffer)).containsExactly("3", "4", "5");
    }

    @Test
    void a_loss_beyond_what_the_subscriber_has_is_not_forgotten() {
        DropOldestBuffer buffer = new DropOldestBuffer(3, PLENTY);
        offer(buffer, 1, 9);

        assertThat(buffer.skipTo(5)).as("6 is lost").isFalse();
        assertThat(buffer.skipTo(6)).isTrue();

        assertThat(polled(buffer)).containsExactly("7", "8", "9");
    }

    @Test
    void what_was_skipped_leaves_its_bytes() {
        int size = ofBytes(1, 1_000).json().length;
        DropOldestBuffer buffer = new DropOldestBuffer(100, 2L * size);
        buffer.offer(ofBytes(1, 1_000));
        buffer.offer(ofBytes(2, 1_000));

        buffer.skipTo(2);

        assertThat(buffer.offer(ofBytes(3, 1_000))).isZero();
        assertThat(buffer.offer(ofBytes(4, 1_000))).isZero();
    }

    /** Positive steps offer as many events, negative ones poll as many times. */
    @Property(tries = 500)
    void every_event_is_polled_or_inside_a_loss_that_is_said_in_its_place(
            @ForAll @Size(max = 40) List<@IntRange(min = -6, max = 8) Integer> steps,
            @ForAll @IntRange(min = 1, max = 6) int capacity) {
        DropOldestBuffer buffer = new DropOldestBuffer(capacity, PLENTY);
        long offered = 0;
        long displaced = 0;
        Told told = new Told();
        for (int step : steps) {
            displaced += step > 0 ? offer(buffer, offered + 1, offered + step) : 0;
            offered += Math.max(step, 0);
            for (int n = 0; n > step; n--) {
                told.hear(buffer.poll());
            }
        }
        for (int n = 0; n <= capacity; n++) {
            told.hear(buffer.poll());
        }

        assertThat(buffer.poll()).isNull();
        assertThat(told.through).isEqualTo(offered);
        assertThat(told.lost).isEqualTo(displaced);
    }

    /** What a subscriber has been told of so far. */
    private static final class Told {

        private long through;
        private long lost;

        void hear(BusSignal signal) {
            if (signal instanceof BusSignal.Lost gone) {
                assertThat(gone.from()).isEqualTo(through + 1);
                assertThat(gone.count()).isEqualTo(gone.to() - gone.from() + 1);
                lost += gone.count();
                through = gone.to();
            } else if (signal instanceof BusSignal.Next next) {
                through++;
                assertThat(next.event().id()).isEqualTo(through);
            }
        }
    }

    private static int offer(DropOldestBuffer buffer, long firstId, long lastId) {
        int displaced = 0;
        for (long id = firstId; id <= lastId; id++) {
            displaced += buffer.offer(event(id, BUILD, "log.line"));
        }
        return displaced;
    }

    private static Event ofBytes(long id, int about) {
        return line(BUILD, "x".repeat(about)).at(id);
    }

    private static List<String> polled(DropOldestBuffer buffer) {
        List<String> shown = new ArrayList<>();
        for (BusSignal signal = buffer.poll(); signal != null; signal = buffer.poll()) {
            shown.add(show(signal));
        }
        return shown;
    }

    static String show(BusSignal signal) {
        if (signal instanceof BusSignal.Lost lost) {
            return "lost %d..%d (%d)".formatted(lost.from(), lost.to(), lost.count());
        }
        return Long.toString(((BusSignal.Next) signal).event().id());
    }
}
