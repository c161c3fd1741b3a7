package io.observer.operation;

import static io.observer.operation.JournalGenerations.MAX_RING_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.operation.JournalGenerations.Earlier;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Generations of a journal")
class JournalGenerationsTest {

    @Test
    void are_needed_until_later_ones_fill_the_ring() {
        JournalGenerations generations = generations(1, 25, 10, 1_000);

        assertThat(unneeded(generations, 0)).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(unneeded(generations, 4)).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(unneeded(generations, 5)).as("20 and 5").startsWith(8L);
    }

    @Test
    void stay_in_the_number_that_is_to_be_kept() {
        assertThat(unneeded(generations(4, 25, 100, 1_000), 100)).containsExactly(6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void stay_for_the_ring_up_to_a_bound_in_bytes() {
        JournalGenerations generations = generations(1, 1_000, 1, MAX_RING_BYTES / 3);

        assertThat(unneeded(generations, 0)).startsWith(7L);
    }

    @Test
    void are_forgotten_once_they_are_removed() {
        JournalGenerations generations = generations(9, 10, 10, 1_000);

        generations.remove(new Earlier(1, 10, 1_000));

        assertThat(unneeded(generations, 0)).isEmpty();
    }

    /** Ten, numbered from 1. */
    private static JournalGenerations generations(int kept, int ringSize, long operations, long bytes) {
        JournalGenerations generations = new JournalGenerations(kept, ringSize);
        LongStream.rangeClosed(1, 10).forEach(number -> generations.add(new Earlier(number, operations, bytes)));
        return generations;
    }

    private static List<Long> unneeded(JournalGenerations generations, long activeOperations) {
        return generations.unneeded(activeOperations).stream()
                .map(Earlier::number)
                .toList();
    }
}
