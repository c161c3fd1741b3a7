package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A chunked stream gives its sequence numbers and gaps, wherever the network cuts it")
class StreamParsingTest {

    private static final String STREAM = """
            retry: 2500
            id: k3f9x2-0
            event: hello
            data: {"cursor":"k3f9x2-0","heartbeat_seconds":30}

            id: k3f9x2-41
            event: observer.file_modified
            data: {"id":41,"job_id":"bench-1","event":"observer.file_modified","data":{"seq":17,"path":"a"},"timestamp":1.5}

            id: k3f9x2-50
            event: gap
            data: {"reason":"slow","from":42,"to":50,"dropped":9}

            id: k3f9x2-51
            event: observer.file_modified
            data: {"id":51,"job_id":"bench-1","event":"observer.file_modified","data":{"seq":1234567890123},"timestamp":1.5}

            event: gap
            data: {"reason":"unknown","from":null,"to":null,"dropped":null}

            event: bridge_stopped
            data: {}

            """;

    private static final List<String> FOUND =
            List.of("hello", "event 17", "gap 9", "event 1234567890123", "gap -1", "bridge_stopped");

    private final List<String> found = new ArrayList<>();
    private final ChunkDecoder chunks = new ChunkDecoder();
    private final SseScanner scanner = new SseScanner(new Recorder());

    @Test
    void in_one_piece() throws IOException {
        assertThat(feed(chunked(STREAM, 1_000) + "0\r\n\r\n")).isTrue();
        assertThat(found).isEqualTo(FOUND);
    }

    @Test
    void byte_by_byte_in_chunks_that_end_within_a_number() throws IOException {
        boolean ended = false;
        for (char next : (chunked(STREAM, 7) + "0\r\nTrailer: 1\r\n\r\n").toCharArray()) {
            assertThat(ended).isFalse();
            ended = feed(String.valueOf(next));
        }
        assertThat(ended).isTrue();
        assertThat(found).isEqualTo(FOUND);
    }

    @Test
    void what_follows_the_last_chunk_is_left_for_the_next_answer() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(ascii("2\r\nab\r\n0\r\n\r\nHTTP/1.1"));

        assertThat(chunks.decode(bytes, body -> body.position(body.limit()))).isTrue();
        assertThat(bytes.remaining()).isEqualTo("HTTP/1.1".length());
    }

    @Test
    void a_chunk_without_a_size_is_refused() {
        assertThatThrownBy(() -> feed("data: x\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("a chunk has no size");
    }

    private boolean feed(String text) throws IOException {
        return chunks.decode(ByteBuffer.wrap(ascii(text)), body -> scanner.scan(body, 0));
    }

    private static String chunked(String text, int size) {
        StringBuilder chunked = new StringBuilder();
        for (int i = 0; i < text.length(); i += size) {
            String chunk = text.substring(i, Math.min(i + size, text.length()));
            chunked.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return chunked.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private final class Recorder implements SseScanner.Listener {

        @Override
        public void event(long sequence, long now) {
            found.add("event " + sequence);
        }

        @Override
        public void gap(long dropped) {
            found.add("gap " + dropped);
        }

        @Override
        public void control(String name) {
            found.add(name);
        }
    }
}
