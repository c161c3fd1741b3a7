package io.observer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobStateTest {

    @ParameterizedTest
    @CsvSource({"UNKNOWN, unknown", "RUNNING, running", "COMPLETED, completed", "FAILED, failed", "CANCELLED, cancelled"
    })
    void a_state_has_a_name_on_the_wire(JobState state, String wireName) {
        assertThat(state.wireName()).isEqualTo(wireName);
    }

    @Test
    void the_name_on_the_wire_is_the_same_in_every_language() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(JobState.RUNNING.wireName()).isEqualTo("running");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void completed_failed_and_cancelled_jobs_are_over() {
        EnumSet<JobState> over = EnumSet.allOf(JobState.class);
        over.removeIf(state -> !state.isFinished());

        assertThat(over).containsExactly(JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED);
    }
}
