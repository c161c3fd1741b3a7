package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A reader of numbered events knows what it lost, and whether it was told")
class SequenceCheckTest {

    private final SequenceCheck check = new SequenceCheck(1);

    @Test
    void events_in_order_are_complete() {
        events(1, 2, 3);

        assertThat(check.losses(3)).isEqualTo(Losses.NONE);
        assertThat(check.losses(3).faults()).isEmpty();
    }

    @Test
    void an_event_left_out_is_lost_unsaid() {
        events(1, 3);

        assertThat(check.losses(3)).isEqualTo(new Losses(0, 0, 1, 0, 0));
        assertThat(check.losses(3).faults()).containsExactly("1 deliveries were lost and no gap said so");
    }

    @Test
    void a_gap_that_counts_them_explains_the_events_left_out() {
        events(1);
        check.gap(2);
        events(4);

        assertThat(check.losses(4)).isEqualTo(new Losses(1, 2, 0, 0, 0));
        assertThat(check.losses(4).brokenPromises()).isEmpty();
        assertThat(check.losses(4).faults()).containsExactly("2 deliveries were dropped, as 1 gaps said");
    }

    @Test
    void a_gap_that_counts_too_few_does_not() {
        events(1);
        check.gap(1);
        events(4);

        assertThat(check.losses(4).missing()).isEqualTo(1);
    }

    @Test
    void a_gap_explains_nothing_after_the_next_event() {
        check.gap(5);
        events(1, 2, 4);

        assertThat(check.losses(4).missing()).isEqualTo(1);
    }

    @Test
    void a_gap_without_a_count_explains_all_up_to_the_next_event() {
        check.gap(SseScanner.UNKNOWN);
        events(7, 9);

        assertThat(check.losses(9)).isEqualTo(new Losses(1, 0, 1, 0, 0));
    }

    @Test
    void events_that_never_came_at_the_end_are_lost() {
        events(1, 2);

        assertThat(check.losses(5).missing()).isEqualTo(3);
    }

    @Test
    void an_event_again_or_out_of_order_is_counted() {
        events(1, 2, 2, 1, 3);

        assertThat(check.losses(3)).isEqualTo(new Losses(0, 0, 0, 2, 0));
        assertThat(check.losses(3).faults()).containsExactly("2 deliveries came twice or out of order");
    }

    @Test
    void a_reader_that_comes_back_misses_nothing_of_before() {
        SequenceCheck back = new SequenceCheck(51);
        back.event(51);
        back.event(53);

        assertThat(back.losses(53).missing()).isEqualTo(1);
    }

    private void events(long... sequences) {
        for (long sequence : sequences) {
            check.event(sequence);
        }
    }
}
