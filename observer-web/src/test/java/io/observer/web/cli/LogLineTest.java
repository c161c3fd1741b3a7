package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A line of output as the data of a log.line")
class LogLineTest {

    private static final int LONGEST = 65_536;

    @Test
    void is_its_text() throws IOException {
        assertThat(data("[INFO] \"Grüße\"\t\\".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("{\"line\":\"[INFO] \\\"Grüße\\\"\\t\\\\\"}");
    }

    @Test
    void has_replacement_characters_where_it_was_not_utf_8() throws IOException {
        byte[] latin1 = {'a', (byte) 0xFC, 'b', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'c'};

        assertThat(line(latin1)).startsWith("a\uFFFDb\uFFFD").endsWith("c").doesNotContain("\ud800");
    }

    @Test
    void is_whole_at_the_limit() throws IOException {
        String longest = "x".repeat(LONGEST);

        assertThat(data(longest.getBytes(StandardCharsets.UTF_8))).isEqualTo("{\"line\":\"" + longest + "\"}");
    }

    @Test
    void is_cut_and_marked_beyond_the_limit() throws IOException {
        assertThat(data("x".repeat(LONGEST + 1).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("{\"line\":\"" + "x".repeat(LONGEST) + "\",\"truncated\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "日", "😀"})
    void is_cut_at_the_boundary_of_a_character(String character) throws IOException {
        for (int shift = 0; shift < 4; shift++) {
            String input = "x".repeat(shift) + character.repeat(LONGEST);

            String line = line(input.getBytes(StandardCharsets.UTF_8));

            assertThat(input).startsWith(line);
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isBetween(LONGEST - 3, LONGEST);
            assertThat(line).doesNotContain("\uFFFD");
        }
    }

    @Test
    void never_becomes_an_event_that_is_too_large() throws IOException {
        String data = data("\0".repeat(LONGEST).getBytes(StandardCharsets.UTF_8));

        assertThat(data.length()).isLessThan(200 * 1024);
        assertThat(data).endsWith(",\"truncated\":true}");
    }

    private static String line(byte[] input) throws IOException {
        return Json.object(data(input)).text("line");
    }

    private static String data(byte[] input) throws IOException {
        return LogLine.data(new InputLines(new ByteArrayInputStream(input), LogLine.LONGEST_READ, () -> {}).next());
    }
}
