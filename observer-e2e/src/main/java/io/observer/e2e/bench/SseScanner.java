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
    private byte[] torn = new byte[1024];
    private int tornLength;
    private String name = "";
    private long sequence = UNKNOWN;
    private long dropped = UNKNOWN;

    SseScanner(Listener listener) {
        this.listener = listener;
    }

    /**
     * Takes the next bytes of the stream, which may end anywhere.
     *
     * @param bytes in the heap: lines are looked at where they are, only one that goes on later is kept
     */
    void scan(ByteBuffer bytes, long now) throws IOException {
        byte[] array = bytes.array();
        int from = bytes.arrayOffset() + bytes.position();
        int end = bytes.arrayOffset() + bytes.limit();
        for (int at = from; at < end; at++) {
            if (array[at] == '\n') {
                if (tornLength == 0) {
                    line(array, from, at, now);
                } else {
                    keep(array, from, at);
                    line(torn, 0, tornLength, now);
                    tornLength = 0;
                }
                from = at + 1;
            }
        }
        keep(array, from, end);
        bytes.position(bytes.limit());
    }

    private void keep(byte[] array, int from, int to) {
        int length = tornLength + to - from;
        if (length > torn.length) {
            torn = Arrays.copyOf(torn, length * 2);
        }
        System.arraycopy(array, from, torn, tornLength, to - from);
        tornLength = length;
    }

    private void line(byte[] line, int from, int to, long now) throws IOException {
        if (from == to) {
            frame(now);
        } else if (startsWith(DATA, line, from, to)) {
            sequence = numberAfter(SEQUENCE, line, from, to);
            if (sequence == UNKNOWN) {
                dropped = numberAfter(DROPPED, line, from, to);
            }
        } else if (startsWith(EVENT, line, from, to) && !isOfTheBenchmark(line, from + EVENT.length, to)) {
            name = new String(line, from + EVENT.length, to - from - EVENT.length, StandardCharsets.US_ASCII);
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
    private static boolean isOfTheBenchmark(byte[] line, int from, int to) {
        byte[] event = Payload.EVENT_NAME_BYTES;
        return Arrays.equals(line, from, to, event, 0, event.length);
    }

    private static boolean startsWith(byte[] prefix, byte[] line, int from, int to) {
        int end = from + prefix.length;
        return end <= to && Arrays.equals(line, from, end, prefix, 0, prefix.length);
    }

    private static long numberAfter(byte[] key, byte[] line, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line[at] == '"' && startsWith(key, line, at, to)) {
                return number(line, at + key.length, to);
            }
        }
        return UNKNOWN;
    }

    private static long number(byte[] line, int from, int to) {
        long number = UNKNOWN;
        for (int at = from; at < to && line[at] >= '0' && line[at] <= '9'; at++) {
            number = Math.max(number, 0) * 10 + (line[at] - '0');
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
