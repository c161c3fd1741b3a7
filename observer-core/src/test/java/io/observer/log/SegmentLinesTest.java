package io.observer.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a segment as they are found when nothing is known of it. */
class SegmentLinesTest {

    private static final int LONGEST = 512 * 1024;

    /** What the scanner reads at once. */
    private static final int CHUNK = 256 * 1024;

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private record Found(long offset, String text, boolean terminated) {}

    @Test
    void each_line_is_shown_with_its_place_and_whether_it_ended() throws IOException {
        assertThat(linesOf("one\ntwo\n\nfour"))
                .containsExactly(
                        new Found(0, "one", true),
                        new Found(4, "two", true),
                        new Found(8, "", true),
                        new Found(9, "four", false));
    }

    @Test
    void an_empty_segment_has_none() throws IOException {
        assertThat(linesOf("")).isEmpty();
    }

    @Test
    void a_last_line_break_ends_the_last_line_and_begins_none() throws IOException {
        assertThat(linesOf("\n")).containsExactly(new Found(0, "", true));
        assertThat(linesOf("a\n")).containsExactly(new Found(0, "a", true));
    }

    @Test
    void any_byte_but_the_line_break_is_text() throws IOException {
        assertThat(linesOf("\0\r\t\u00FF\n\0"))
                .containsExactly(new Found(0, "\0\r\t\u00FF", true), new Found(5, "\0", false));
    }

    @ParameterizedTest(name = "that ends {0} bytes behind a chunk")
    @ValueSource(ints = {-2, -1, 0, 1, 2})
    void a_line_may_reach_over_chunks(int over) throws IOException {
        String first = "a".repeat(CHUNK - 5);
        String second = "b".repeat(CHUNK + 4 + over);

        assertThat(linesOf(first + "\n" + second + "\nc\n"))
                .containsExactly(
                        new Found(0, first, true),
                        new Found(CHUNK - 4, second, true),
                        new Found(2L * CHUNK + 1 + over, "c", true));
    }

    @Test
    void the_longest_line_is_shown_whole_and_a_longer_one_not_at_all() throws IOException {
        String longest = "a".repeat(LONGEST);
        String longer = "b".repeat(LONGEST + 1);
        String huge = "c".repeat(5 * LONGEST);

        assertThat(linesOf(longest + "\n" + longer + "\n" + huge + "\n" + "d\n" + huge))
                .containsExactly(
                        new Found(0, longest, true),
                        new Found(LONGEST + 1, "", true),
                        new Found(2L * LONGEST + 3, "", true),
                        new Found(7L * LONGEST + 4, "d", true),
                        new Found(7L * LONGEST + 6, "", false));
    }

    private List<Found> linesOf(String text) throws IOException {
        Path file = Segment.path(directory, "k3f9x2", 1);
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        Segment segment = Segment.open(file, new FaultyDisk());
        LineScanner scanner = new LineScanner(segment);
        List<Found> found = new ArrayList<>();
        for (LineScanner.Line line = scanner.next(); line != null; line = scanner.next()) {
            found.add(
                    new Found(line.offset(), new String(line.text(), StandardCharsets.ISO_8859_1), line.terminated()));
        }
        segment.close();
        return found;
    }
}
