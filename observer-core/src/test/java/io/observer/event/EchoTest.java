package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EchoTest {

    @Test
    void shows_plain_ASCII_as_it_is() {
        assertThat(Echo.of("job started: 50% of [a, b] {c}?")).isEqualTo("job started: 50% of [a, b] {c}?");
    }

    @Test
    void escapes_all_that_a_log_a_terminal_or_a_page_could_act_on() {
        assertThat(Echo.of("<b>")).isEqualTo("\\u003cb\\u003e");
        assertThat(Echo.of("\"&'\\")).isEqualTo("\\u0022\\u0026\\u0027\\u005c");
        assertThat(Echo.of("\r\n\t\0\u001b\u007f")).isEqualTo("\\u000d\\u000a\\u0009\\u0000\\u001b\\u007f");
        assertThat(Echo.of("ä\u202e\ud83d\ude00")).isEqualTo("\\u00e4\\u202e\\ud83d\\ude00");
    }

    @Test
    void cuts_what_is_longer_than_64_characters() {
        assertThat(Echo.of("x".repeat(63))).isEqualTo("x".repeat(63));
        assertThat(Echo.of("x".repeat(65))).isEqualTo("x".repeat(63) + "…");
        assertThat(Echo.of("\n".repeat(1_000))).isEqualTo("\\u000a".repeat(10) + "…");
    }

    @Property(tries = 1_000)
    void never_shows_more_than_64_harmless_characters(@ForAll String input) {
        assertThat(Echo.of(input)).hasSizeLessThanOrEqualTo(64).matches("[ -~&&[^<>&\"']]*…?");
    }
}
