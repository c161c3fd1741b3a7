package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "0", "job.started", "build-7", "a_b", "7.1.2", "a.", "a-_.-", "x--y", "a.b.c.d"})
    void a_name_is_made_of_letters_digits_dots_underscores_and_dashes(String name) {
        assertThat(EventNames.isLegal(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", ".a", "-a", "_a", "a..b", "a..", "a b", " a", "a ", "a/b", "a\\b", "a:b", "a\n", "a\0",
                "ä", "aä", "٤", "a٤", "Ａ", "a\u212A", "a\u200B", "😀", "a,b", "a*", "a\"", "a%2e"
            })
    void a_name_is_nothing_else(String name) {
        assertThat(EventNames.isLegal(name)).isFalse();
    }

    @Test
    void a_name_has_at_most_128_characters() {
        assertThat(EventNames.isLegal("a".repeat(128))).isTrue();
        assertThat(EventNames.isLegal("a".repeat(129))).isFalse();
    }

    @Test
    void the_names_of_stream_frames_and_of_browsers_are_reserved() {
        assertThat(EventNames.RESERVED)
                .containsExactlyInAnyOrder(
                        ("hello caught_up heartbeat gap job_finished source_connected source_disconnected"
                                        + " bridge_stopped busy message open error")
                                .split(" "));
    }

    @Test
    void only_the_job_family_may_change_the_state_of_a_job() {
        assertThat(EventNames.isJobEvent("job.started")).isTrue();
        assertThat(EventNames.isJobEvent("job.anything")).isTrue();
        assertThat(EventNames.isJobEvent("jobs.started")).isFalse();
        assertThat(EventNames.isJobEvent("job")).isFalse();
        assertThat(EventNames.isJobEvent("sheet.job.started")).isFalse();
    }
}
