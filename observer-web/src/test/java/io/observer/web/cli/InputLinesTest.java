package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lines of standard input")
class InputLinesTest {

    @Test
    void end_with_lf_crlf_or_the_end() throws IOException {
        assertThat(lines("one\ntwo\r\n\nfour", 100)).containsExactly("1:one", "2:two", "3:", "4:four");
    }

    @Test
    void are_none_when_there_is_no_input() throws IOException {
        assertThat(lines("", 100)).isEmpty();
    }

    @Test
    void keep_a_carriage_return_that_ends_no_line() throws IOException {
        assertThat(lines("10%\r20%\n", 100)).containsExactly("1:10%\r20%");
    }

    @Test
    void are_cut_when_they_are_too_long_and_the_next_is_whole() throws IOException {
        assertThat(lines("12345\n123456\n1", 5)).containsExactly("1:12345", "2:12345…", "3:1");
    }

    @Test
    void may_be_longer_than_the_buffer() throws IOException {
        String longer = "x".repeat(200_000);

        assertThat(lines(longer + "\n" + longer, 1_000_000)).containsExactly("1:" + longer, "2:" + longer);
    }

    @Test
    void come_through_one_byte_at_a_time() throws IOException {
        InputStream trickle = new ByteArrayInputStream("ab\nc\n".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return super.read(bytes, from, Math.min(1, length));
            }
        };

        assertThat(lines(trickle, 100)).containsExactly("1:ab", "2:c");
    }

    @Test
    void are_all_handed_out_before_the_input_may_keep_anyone_waiting() throws IOException {
        List<String> story = new ArrayList<>();
        InputStream input = new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        InputLines lines = new InputLines(input, 100, () -> story.add("read"));
        for (InputLine line = lines.next(); line != null; line = lines.next()) {
            story.add(new String(line.bytes(), StandardCharsets.UTF_8));
        }

        assertThat(story).containsExactly("read", "one", "two", "read");
    }

    @Test
    void are_blank_when_they_hold_white_space_only() throws IOException {
        InputLines lines =
                new InputLines(new ByteArrayInputStream(" \t\n x".getBytes(StandardCharsets.UTF_8)), 100, () -> {});

        assertThat(lines.next().isBlank()).isTrue();
        assertThat(lines.next().isBlank()).isFalse();
    }

    private static List<String> lines(String input, int longest) throws IOException {
        return lines(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), longest);
    }

    private static List<String> lines(InputStream input, int longest) throws IOException {
        InputLines lines = new InputLines(input, longest, () -> {});
        List<String> all = new ArrayList<>();
        for (InputLine line = lines.next(); line != null; line = lines.next()) {
            String text = new String(line.bytes(), StandardCharsets.UTF_8);
            all.add(line.number() + ":" + text + (line.isCut() ? "…" : ""));
        }
        return all;
    }
}
