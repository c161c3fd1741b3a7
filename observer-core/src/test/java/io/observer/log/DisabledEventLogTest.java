package io.observer.log;

import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisabledEventLogTest extends EventLogContract {

    @Override
    protected EventLog open(LogSetup setup) {
        return new DisabledEventLog("k3f9x2", setup.writing(), setup.maxQueued(), setup.output());
    }

    @Test
    void is_the_backend_disabled() {
        EventLog log = open();

        assertThat(log.backend()).isEqualTo("disabled");
        assertThat(log.durability()).isEqualTo("none");
        assertThat(log.epoch()).isEqualTo("k3f9x2");
    }

    @Test
    void keeps_nothing_and_still_counts() {
        EventLog log = open();

        append(log, lines(3));

        assertThat(log.bounds()).isEqualTo(new LogBounds(4, 3));
        assertThat(log.bounds().isEmpty()).isTrue();
        assertThat(output.ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void says_that_the_past_is_gone() {
        EventLog log = open();
        append(log, lines(3));

        assertThat(read(log, 0)).isEqualTo(new LogPage(List.of(), 3, false, new Gap(Gap.Reason.EVICTED, 1L, 3L, 3L)));
        assertThat(read(log, 2)).isEqualTo(new LogPage(List.of(), 3, false, new Gap(Gap.Reason.EVICTED, 3L, 3L, 1L)));
        assertThat(read(log, 0, named("log.*"), 10).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, 3L, null));
    }

    @Test
    void its_last_events_are_none() {
        EventLog log = open();
        append(log, lines(3));

        assertThat(beforeLast(log, 2, EventFilter.all())).isEqualTo(3);
        assertThat(LogPosition.earliest(log)).isEqualTo(new LogPosition(3, null));
    }
}
