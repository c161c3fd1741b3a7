package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("While the server is away")
class OutageTest {

    private static final ServerUnavailable REFUSED = ServerUnavailable.lost("connection refused");

    private final List<String> notes = new ArrayList<>();
    private long now;
    private final Outage outage = outage(Duration.ofSeconds(30));

    @Test
    void pauses_grow_to_five_seconds_and_are_jittered() {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pauses.add(outage.failed(REFUSED, null));
        }

        int[] longest = {500, 1000, 2000, 4000, 5000, 5000};
        for (int i = 0; i < longest.length; i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(longest[i] / 2), Duration.ofMillis(longest[i]));
        }
        assertThat(pauses).doesNotHaveDuplicates();
    }

    @Test
    void the_last_try_is_at_the_very_end_and_then_it_is_over() {
        outage.failed(REFUSED, null);
        pass(Duration.ofMillis(29_990));

        assertThat(outage.failed(REFUSED, null)).isEqualTo(Duration.ofMillis(10));

        pass(Duration.ofMillis(10));
        assertThatThrownBy(() -> outage.failed(REFUSED, null)).isInstanceOfSatisfying(CommandFailed.class, given -> {
            assertThat(given.exitCode()).isEqualTo(3);
            assertThat(given).hasMessage("connection refused");
        });
    }

    @Test
    void without_patience_the_first_failure_is_the_end() {
        assertThatThrownBy(() -> outage(Duration.ZERO).failed(REFUSED, null)).isInstanceOf(CommandFailed.class);
        assertThat(notes).isEmpty();
    }

    @Test
    void the_server_may_say_how_long_to_wait() {
        ServerUnavailable full = ServerUnavailable.answered(3, "answered 503", Duration.ofSeconds(7));

        assertThat(outage.failed(full, null)).isEqualTo(Duration.ofSeconds(7));
        assertThat(outage.failed(REFUSED, Duration.ofMillis(2345))).isEqualTo(Duration.ofMillis(2345));
    }

    @Test
    void a_success_begins_everything_anew() {
        outage.failed(REFUSED, null);
        pass(Duration.ofSeconds(29));
        outage.over();
        pass(Duration.ofSeconds(29));

        assertThat(outage.failed(REFUSED, null)).isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void begin_and_end_are_told_once() {
        outage.over();
        outage.failed(REFUSED, null);
        outage.failed(REFUSED, null);
        outage.over();
        outage.over();

        assertThat(notes).containsExactly("connection refused; trying again for 30 s", "connected again");
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Outage outage(Duration patience) {
        return new Outage(patience, () -> now, new Random(7), notes::add);
    }
}
