package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a command writes, as lines")
class OutputLinesTest {

    private final List<String> told = new ArrayList<>();
    private long now;
    private final OutputLines lines = new OutputLines("stdout", () -> now, told::add);

    @Test
    void each_line_is_told_as_it_is() {
        write("\u001b[1mbold\u001b[0m\r\n\nGrüße \"x\"\n");

        assertThat(told)
                .containsExactly(
                        "{\"stream\":\"stdout\",\"line\":\"\\u001B[1mbold\\u001B[0m\"}",
                        "{\"stream\":\"stdout\",\"line\":\"\"}",
                        "{\"stream\":\"stdout\",\"line\":\"Grüße \\\"x\\\"\"}");
    }

    @Test
    void a_line_may_come_in_pieces() {
        write("ab");
        write("c\nd");
        write("\n");

        assertThat(told).containsExactly(line("abc"), line("d"));
    }

    @Test
    void half_a_line_is_told_after_200_ms_and_its_rest_on_its_own() {
        write("Sure? ");
        pass(199);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).containsExactly("{\"stream\":\"stdout\",\"line\":\"Sure? \",\"partial\":true}");

        write("yes\n");
        assertThat(told.subList(1, 2)).containsExactly(line("yes"));
    }

    @Test
    void a_line_break_after_half_a_line_tells_nothing_more() {
        write("done.");
        pass(200);
        write("\n\nnext\n");

        assertThat(told.subList(1, told.size())).containsExactly(line(""), line("next"));
    }

    @Test
    void half_a_character_waits_for_its_other_half() {
        byte[] euro = "5 €".getBytes(StandardCharsets.UTF_8);
        lines.feed(euro, 4);
        pass(200);
        assertThat(told).containsExactly("{\"stream\":\"stdout\",\"line\":\"5 \",\"partial\":true}");

        lines.feed(new byte[] {euro[4], '\n'}, 2);
        assertThat(told.get(1)).isEqualTo(line("€"));
    }

    @Test
    void bytes_that_are_no_text_become_replacement_characters() {
        lines.feed(new byte[] {(byte) 0xFF, 'a', (byte) 0xFE, 0, '\n'}, 5);

        assertThat(told).containsExactly("{\"stream\":\"stdout\",\"line\":\"\uFFFDa\uFFFD\\u0000\"}");
    }

    @Test
    void a_line_over_64_kib_is_cut_and_says_so() {
        write("x".repeat(100_000));
        write("y".repeat(100_000) + "\nnext\n");

        assertThat(told.get(0))
                .isEqualTo("{\"stream\":\"stdout\",\"line\":\"" + "x".repeat(64 << 10) + "\",\"truncated\":true}");
        assertThat(told.get(1)).isEqualTo(line("next"));
    }

    @Test
    void the_end_tells_what_is_left() {
        write("no line break");
        lines.end();
        write("too late\n");
        lines.end();

        assertThat(told).containsExactly(line("no line break"));
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.feed(bytes, bytes.length);
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
        lines.flushHalf();
    }

    private static String line(String text) {
        return "{\"stream\":\"stdout\",\"line\":\"" + text + "\"}";
    }
}
