package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The newest events of a job")
class RecentEventsTest {

    private final RecentEvents ring = new RecentEvents(3, 10);

    @Test
    void know_where_to_look_for_what_they_let_go_of() {
        hear(11, 14);

        assertThat(ids()).containsExactly(14L, 13L, 12L);
        assertThat(ring.older()).isEqualTo(new LogHistory.Place(11, 0));
        assertThat(ring.suffices(3)).isTrue();
        assertThat(ring.suffices(4)).isFalse();
    }

    @Test
    void know_of_all_until_they_let_go_of_some() {
        hear(11, 11);
        ring.fill(ring.older(), TestHistory.through(2));
        assertThat(ids()).containsExactly(11L, 2L, 1L);
        assertThat(ring.suffices(200)).isTrue();

        hear(12, 12);

        assertThat(ids()).containsExactly(12L, 11L, 2L);
        assertThat(ring.suffices(3)).isTrue();
        assertThat(ring.suffices(4)).isFalse();
        assertThat(ring.older().through()).isEqualTo(1);
    }

    @Test
    void take_of_the_log_what_there_is_room_for_and_look_for_the_rest_there() {
        hear(11, 12);

        ring.fill(ring.older(), TestHistory.through(10));

        assertThat(ids()).containsExactly(12L, 11L, 10L);
        assertThat(ring.suffices(4)).isFalse();
        assertThat(ring.older().through()).isEqualTo(9);
    }

    @Test
    void go_on_where_a_search_ended_that_found_nothing() {
        LogHistory.Place end = new LogHistory.Place(4, 10_000);

        ring.fill(ring.older(), new LogHistory.Found(List.of(), end, false));

        assertThat(ring.suffices(1)).isFalse();
        assertThat(ring.older()).isEqualTo(end);
    }

    @Test
    void take_nothing_from_a_search_that_they_moved_away_from() {
        LogHistory.Place before = ring.older();
        hear(11, 14);

        ring.fill(before, TestHistory.through(10));

        assertThat(ids()).containsExactly(14L, 13L, 12L);
        assertThat(ring.older().through()).isEqualTo(11);
        assertThat(ring.suffices(4)).isFalse();
    }

    private void hear(long from, long to) {
        LongStream.rangeClosed(from, to).forEach(id -> ring.add(Samples.modified(id, "file", 1)));
    }

    private List<Long> ids() {
        return ring.newest(200).stream().map(Event::id).toList();
    }
}
