package io.observer.recorder;

import static io.observer.recorder.Samples.JOB;
import static io.observer.recorder.Samples.T;
import static io.observer.recorder.Samples.file;
import static io.observer.recorder.Samples.modified;
import static io.observer.recorder.Samples.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventPayload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Changes of one file")
class CoalescerTest {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final List<String> lines = new ArrayList<>();
    private long now;

    private final Coalescer coalescer = coalescer(WINDOW, 1_000, 1 << 20);

    private Coalescer coalescer(Duration window, int maxHeld, long maxBytes) {
        return new Coalescer(
                window, maxHeld, maxBytes, (job, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
    }

    @Test
    void are_one_line_that_is_the_newest_and_tells_how_many_it_stands_for() {
        take(modified(1, "a.txt", T), modified(2, "a.txt", T + 1), modified(3, "a.txt", T + 1.5));
        assertThat(lines).isEmpty();

        pass(WINDOW);

        assertThat(lines).containsExactly("""
                {"id":3,"job_id":"build-7","sheet_num":0,"event":"observer.file_modified","data":{"path":"a.txt"},"timestamp":1732152420.6,"coalesced":3}""");
    }

    @Test
    void that_stand_for_themselves_are_written_as_they_came() {
        take(modified(1, "a.txt", T));
        pass(WINDOW);

        assertThat(lines).containsExactly(modified(1, "a.txt", T).jsonText());
    }

    @Test
    void belong_together_up_to_a_whole_window_after_one_another() {
        take(modified(1, "a.txt", T), modified(2, "a.txt", T + 2), modified(3, "a.txt", T + 4));
        coalescer.flush(JOB);

        assertThat(ids()).containsExactly("3x3");
    }

    @Test
    void belong_together_when_they_have_one_timestamp() {
        take(modified(1, "a.txt", T), modified(2, "a.txt", T));
        coalescer.flush(JOB);

        assertThat(ids()).containsExactly("2x2");
    }

    @Test
    void further_apart_than_a_window_are_two_lines() {
        take(modified(1, "a.txt", T), modified(2, "a.txt", T + 2.001));
        assertThat(ids()).containsExactly("1");

        coalescer.flush(JOB);
        assertThat(ids()).containsExactly("1", "2");
    }

    @Test
    void whose_time_runs_backwards_are_two_lines() {
        take(modified(1, "a.txt", T), modified(2, "a.txt", T - 0.001));
        coalescer.flush(JOB);

        assertThat(ids()).containsExactly("1", "2");
    }

    @Test
    void may_lie_as_far_apart_as_numbers_go() {
        take(modified(1, "a.txt", -1e300), modified(2, "a.txt", 1e300), modified(3, "a.txt", -1e300));
        coalescer.flush(JOB);

        assertThat(ids()).containsExactly("1", "2", "3");
    }

    @Test
    void are_written_before_anything_else_of_the_file() {
        take(
                modified(1, "a.txt", T),
                file(JOB, "deleted", "a.txt", T + 0.1).at(2),
                modified(3, "b.txt", T),
                file(JOB, "created", "b.txt", T + 0.1).at(4));

        assertThat(ids()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void do_not_hold_up_other_files_processes_or_jobs() {
        take(
                modified(1, "a.txt", T),
                file(JOB, "created", "b.txt", T).at(2),
                process(JOB, 77).at(3),
                file("other", "modified", "a.txt", T + 0.1).at(4),
                file("other", "deleted", "a.txt", T + 0.2).at(5));

        assertThat(ids()).containsExactly("2", "3", "4", "5");
    }

    @Test
    void are_written_one_window_after_the_last_of_them() {
        take(modified(1, "a.txt", T));
        pass(Duration.ofMillis(1_500));
        take(modified(2, "a.txt", T + 1.5));
        pass(Duration.ofMillis(1_999));
        assertThat(ids()).isEmpty();

        pass(Duration.ofMillis(1));
        assertThat(ids()).containsExactly("2x2");
    }

    @Test
    void that_never_end_are_written_five_windows_after_the_first_of_them() {
        for (int second = 0; second < 30; second++) {
            take(modified(second + 1, "a.txt", T + second));
            pass(Duration.ofSeconds(1));
        }

        assertThat(ids()).containsExactly("10x10", "20x10", "30x10");
    }

    @Test
    void say_when_the_next_of_them_is_due() {
        assertThat(coalescer.nanosUntilDue(now)).isNull();
        take(modified(1, "a.txt", T));
        pass(Duration.ofMillis(500));
        assertThat(coalescer.nanosUntilDue(now))
                .isEqualTo(Duration.ofMillis(1_500).toNanos());
        for (int n = 2; n <= 9; n++) {
            take(modified(n, "a.txt", T + n));
            pass(Duration.ofSeconds(1));
        }
        assertThat(coalescer.nanosUntilDue(now))
                .as("the end of five windows comes before that of the last")
                .isEqualTo(Duration.ofMillis(1_000).toNanos());
    }

    @Test
    void are_all_lines_of_their_own_without_a_window() {
        Coalescer none = coalescer(Duration.ZERO, 1_000, 1 << 20);
        none.accept(modified(1, "a.txt", T), "a.txt", now);
        none.accept(modified(2, "a.txt", T), "a.txt", now);

        assertThat(ids()).containsExactly("1", "2");
    }

    @Test
    void are_flushed_in_the_order_in_which_they_were_first_held_back() {
        take(modified(1, "a", T), modified(2, "b", T), modified(3, "a", T));
        take(file("other", "modified", "a", T).at(4));

        coalescer.flush(JOB);

        assertThat(ids()).containsExactly("3x2", "2");
        assertThat(coalescer.size()).isEqualTo(1);
    }

    @Test
    void of_a_million_files_are_held_back_only_as_far_as_the_bounds_allow() {
        Coalescer bounded = coalescer(WINDOW, 1_000, 150_000);
        for (int n = 1; n <= 20_000; n++) {
            bounded.accept(modified(n, "file-" + n, T), "file-" + n, now);
            assertThat(bounded.size()).isLessThanOrEqualTo(1_000);
            assertThat(bounded.bytes()).isLessThanOrEqualTo(150_000);
        }
        bounded.flush(JOB);

        assertThat(ids()).hasSize(20_000).startsWith("1", "2", "3").endsWith("20000");
        assertThat(bounded.bytes()).isZero();
    }

    private void take(Event... events) {
        for (Event event : events) {
            String path = event.name().startsWith("observer.file_") ? pathOf(event) : null;
            coalescer.accept(event, path, now);
        }
    }

    private static String pathOf(Event event) {
        return String.valueOf(EventPayload.text(event, "path"));
    }

    private void pass(Duration time) {
        now += time.toNanos();
        coalescer.writeDue(now);
    }

    /** The ids of the lines, with how many each stands for: {@code 7} or {@code 7x3}. */
    private List<String> ids() {
        return lines.stream()
                .map(line -> line.replaceAll("^\\{\"id\":(\\d+),.*?(?:,\"coalesced\":(\\d+))?}$", "$1x$2")
                        .replaceAll("x$", ""))
                .toList();
    }
}
