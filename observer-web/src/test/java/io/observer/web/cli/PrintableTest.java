package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Text made safe for a terminal")
class PrintableTest {

    private static final String ESC = "\u001b";

    @Test
    void leaves_letters_of_any_script_and_emoji_alone() {
        String text = "Grüße, 日本語 , क्‍ष, 👩‍💻 ~!";

        assertThat(Printable.escape(text)).isEqualTo(text);
        assertThat(Printable.plain(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "27, \\u001b",
        "0, \\u0000",
        "7, \\u0007",
        "13, \\u000d",
        "127, \\u007f",
        "155, \\u009b",
        "8232, \\u2028",
        "8238, \\u202e",
        "8295, \\u2067",
        "65279, \\ufeff",
        "917505, \\udb40\\udc01"
    })
    void shows_what_a_terminal_would_obey_as_an_escape(int codePoint, String shown) {
        assertThat(Printable.escape("a" + Character.toString(codePoint) + "b")).isEqualTo("a" + shown + "b");
    }

    @Test
    void shows_half_a_surrogate_pair_as_an_escape() {
        assertThat(Printable.escape("a\ud800b")).isEqualTo("a\\ud800b");
    }

    @Test
    void leaves_out_the_colours_of_a_build() {
        assertThat(Printable.plain("[" + ESC + "[1;34mINFO" + ESC + "[m] " + ESC + "[0;1m--- jar" + ESC + "[K"))
                .isEqualTo("[INFO] --- jar");
    }

    @Test
    void leaves_out_titles_links_and_cursor_movement() {
        String line = ESC + "]0;owned\u0007a" + ESC + "]8;;http://x" + ESC + "\\b" + ESC + "[2J" + ESC + "[1;1Hc" + ESC
                + "c" + "\u009b31md\u0007\b" + ESC + "(B";

        assertThat(Printable.plain(line)).isEqualTo("abcd");
    }

    @Test
    void keeps_tabs_and_turns_a_carriage_return_into_a_space() {
        assertThat(Printable.plain("\tat 10%\r20%")).isEqualTo("\tat 10% 20%");
    }

    @Test
    void leaves_no_escape_behind_however_a_sequence_is_broken_off() {
        assertThat(Printable.plain(ESC + "[31" + ESC + "]0;title" + ESC)).doesNotContain(ESC);
    }
}
