package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The parser of server-sent events")
class SseParserTest {

    private final List<SseFrame> frames = new ArrayList<>();
    private final SseParser parser = new SseParser("", frames::add);

    @Test
    void reads_name_data_and_id_of_each_frame() throws Exception {
        feed("""
                retry: 2500
                event: hello
                id: k3f9x2-41
                data: {"cursor":"k3f9x2-41"}

                event: job.started
                id: k3f9x2-42
                data: {"id":42}

                """);

        assertThat(frames)
                .containsExactly(
                        new SseFrame("hello", "{\"cursor\":\"k3f9x2-41\"}", "k3f9x2-41"),
                        new SseFrame("job.started", "{\"id\":42}", "k3f9x2-42"));
        assertThat(parser.retry()).isEqualTo(Duration.ofMillis(2500));
        assertThat(parser.lastEventId()).isEqualTo("k3f9x2-42");
    }

    @Test
    void joins_several_data_lines_with_line_feeds() throws Exception {
        feed("""
                data: one
                data:two
                data:  three
                data

                """);

        assertThat(frames).containsExactly(new SseFrame("message", "one\ntwo\n three\n", ""));
    }

    @Test
    void passes_over_comments_unknown_fields_and_frames_without_data() throws Exception {
        feed("""
                : a comment
                nonsense: 1
                nonsense

                event: empty

                data: x

                """);

        assertThat(frames).containsExactly(new SseFrame("message", "x", ""));
    }

    @Test
    void keeps_the_id_of_a_frame_without_data_and_of_frames_without_an_id() throws Exception {
        feed("""
                id: k3f9x2-7

                data: x

                """);

        assertThat(frames).containsExactly(new SseFrame("message", "x", "k3f9x2-7"));
    }

    @Test
    void takes_an_id_only_at_the_end_of_its_frame() throws Exception {
        feed("id: k3f9x2-7\ndata: cut o");

        assertThat(frames).isEmpty();
        assertThat(parser.lastEventId()).isEmpty();
    }

    @Test
    void ignores_an_id_with_a_nul_and_lets_an_empty_one_forget() throws Exception {
        feed("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid:\ndata: c\n\n");

        assertThat(frames).extracting(SseFrame::lastEventId).containsExactly("1", "1", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "soon", "", "99999999999", "１"})
    void ignores_a_retry_that_is_not_a_number(String retry) throws Exception {
        feed("retry: " + retry + "\ndata: x\n\n");

        assertThat(parser.retry()).isNull();
    }

    @Test
    void skips_a_byte_order_mark_at_the_start_and_only_there() throws Exception {
        feed("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n");

        assertThat(frames).extracting(SseFrame::data).containsExactly("a", "\uFEFFc");
    }

    @Test
    void goes_on_from_the_id_of_the_connection_before() throws Exception {
        SseParser resumed = new SseParser("k3f9x2-9", frames::add);

        resumed.feed("data: x\n\n".getBytes(StandardCharsets.UTF_8));

        assertThat(frames).containsExactly(new SseFrame("message", "x", "k3f9x2-9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    @DisplayName("ends lines with LF, CR or CRLF, wherever the bytes are split")
    void ends_lines(String lineEnd) throws Exception {
        String wire = "event: a\nid: 1\ndata: Grüße 😀\ndata: 二\n\ndata: b\n\n".replace("\n", lineEnd);
        byte[] bytes = wire.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            frames.clear();
            SseParser split = new SseParser("", frames::add);
            for (int from = 0; from < bytes.length; from += size) {
                split.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
            }
            assertThat(frames)
                    .as("pieces of %d bytes", size)
                    .containsExactly(new SseFrame("a", "Grüße 😀\n二", "1"), new SseFrame("message", "b", "1"));
        }
    }

    @Test
    void gives_up_on_a_line_that_never_ends() {
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'x');

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 17; i++) {
                        parser.feed(piece);
                    }
                })
                .isInstanceOf(ServerUnavailable.class)
                .hasMessageContaining("16 MiB");
    }

    private void feed(String wire) throws ServerUnavailable {
        parser.feed(wire.getBytes(StandardCharsets.UTF_8));
    }
}
