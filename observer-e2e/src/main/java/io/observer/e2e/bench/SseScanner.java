package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds what counts in a stream without making objects of it: the payload's sequence number, and the frames that are
 * not events.
 *
 * <pre>
 *  id: k3f9x2-42
 *  event: observer.file_modified
 *  data: {"id":42,"job_id":"bench-1","sheet_num":1,"event":"observer.file_modified","data":{"seq":17,…},…}
 * </pre>
 */
final class SseScanner {

    /** What a gap says when the server cannot tell how many were lost. */
    static final long UNKNOWN = -1;

    interface Listener {

        /** An event of the benchmark, read at {@code now}. */
        void event(long sequence, long now) throws IOException;

        /** Events were passed over: so many, or {@link #UNKNOWN}. */
        void gap(long dropped);

        /** Any other frame with a name of its own. */
        void control(String name) throws IOException;
    }

    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] SEQUENCE = ascii("\"" + Payload.SEQUENCE + "\":");
    private static final byte[] DROPPED = ascii("\"dropped\":");

    private final Listener listener;
    private byte[] line = new byte[1024];
    private int length;
    private String name = "";
    private long sequence = UNKNOWN;
    private long dropped = UNKNOWN;

    SseScanner(Listener listener) {
        this.listener = listener;
    }

    /** Takes the next bytes of the stream, which may end anywhere. */
    void scan(ByteBuffer bytes, long now) throws IOException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                line(now);
                length = 0;
            } else {
                if (length == line.length) {
                    line = Arrays.copyOf(line, length * 2);
                }
                line[length++] = next;
            }
        }
    }

    private void line(long now) throws IOException {
        if (length == 0) {
            frame(now);
        } else if (startsWith(DATA)) {
            sequence = numberAfter(SEQUENCE);
            if (sequence == UNKNOWN) {
                dropped = numberAfter(DROPPED);
            }
        } else if (startsWith(EVENT) && !isOfTheBenchmark()) {
            name = new String(line, EVENT.length, length - EVENT.length, StandardCharsets.US_ASCII);
        }
    }

    private void frame(long now) throws IOException {
        if (sequence != UNKNOWN) {
            listener.event(sequence, now);
        } else if (name.equals("gap")) {
            listener.gap(dropped);
        } else if (!name.isEmpty()) {
            listener.control(name);
        }
        name = "";
        sequence = UNKNOWN;
        dropped = UNKNOWN;
    }

    /** Spares the text of a name for every single event. */
    private boolean isOfTheBenchmark() {
        byte[] event = Payload.EVENT_NAME_BYTES;
        return Arrays.equals(line, EVENT.length, length, event, 0, event.length);
    }

    private boolean startsWith(byte[] prefix) {
        return length >= prefix.length && Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length);
    }

    private long numberAfter(byte[] key) {
        int last = length - key.length;
        for (int i = DATA.length; i < last; i++) {
            if (line[i] == '"' && Arrays.equals(line, i, i + key.length, key, 0, key.length)) {
                return number(i + key.length);
            }
        }
        return UNKNOWN;
    }

    private long number(int start) {
        long number = UNKNOWN;
        for (int i = start; i < length && line[i] >= '0' && line[i] <= '9'; i++) {
            number = Math.max(number, 0) * 10 + (line[i] - '0');
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
