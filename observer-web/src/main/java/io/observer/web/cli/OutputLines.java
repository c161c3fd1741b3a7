package io.observer.web.cli;

import io.observer.event.Ticker;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts what a command writes into the data of {@code log.line}s. A line that is not ended, such as a question, is told
 * as far as it goes once it has rested for a moment. Safe for use by several threads.
 */
final class OutputLines {

    /** How long the beginning of a line waits for its end. */
    static final Duration REST = Duration.ofMillis(200);

    /** Bytes that a character of UTF-8 may lack at the end of a half line. */
    private static final int LONGEST_RESIDUE = 3;

    private final String stream;
    private final Ticker ticker;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private boolean cut;
    private boolean continued;
    private boolean ended;
    private long since;

    /** @param stream {@code stdout} or {@code stderr} */
    OutputLines(String stream, Ticker ticker, Consumer<String> lines) {
        this.stream = stream;
        this.ticker = ticker;
        this.lines = lines;
    }

    /** Takes the next bytes. */
    synchronized void feed(byte[] bytes, int length) {
        int from = 0;
        for (int at = 0; at < length && !ended; at++) {
            if (bytes[at] == '\n') {
                add(bytes, from, at);
                tell(false);
                from = at + 1;
            }
        }
        if (from < length && !ended) {
            if (line.size() == 0) {
                since = ticker.nanos();
            }
            add(bytes, from, length);
        }
    }

    /** Tells the beginning of a line that has waited for long enough. */
    synchronized void flushHalf() {
        if (ended || cut || line.size() == 0 || ticker.nanos() - since < REST.toNanos()) {
            return;
        }
        byte[] half = line.toByteArray();
        int residue = residue(half);
        if (half.length > residue) {
            lines.accept(LogLine.data(stream, Arrays.copyOf(half, half.length - residue), false, true));
            line.reset();
            line.write(half, half.length - residue, residue);
            continued = true;
        }
    }

    /** Nothing more will be taken; what is there of a line is told. */
    synchronized void end() {
        if (!ended && line.size() > 0) {
            tell(true);
        }
        ended = true;
    }

    private void add(byte[] bytes, int from, int to) {
        int kept = Math.min(to - from, LogLine.LONGEST_READ - line.size());
        line.write(bytes, from, kept);
        cut |= kept < to - from;
    }

    private void tell(boolean last) {
        byte[] whole = line.toByteArray();
        boolean crlf = !cut && !last && whole.length > 0 && whole[whole.length - 1] == '\r';
        byte[] text = crlf ? Arrays.copyOf(whole, whole.length - 1) : whole;
        // What a half line was the beginning of may have ended with a bare line break, which tells nothing new.
        if (text.length > 0 || !continued) {
            lines.accept(LogLine.data(stream, text, cut, false));
        }
        line.reset();
        cut = false;
        continued = false;
    }

    /** How many bytes at the end are the beginning of a character whose rest is still to come. */
    private static int residue(byte[] bytes) {
        for (int back = 1; back <= Math.min(LONGEST_RESIDUE, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xFF;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xC0) {
                int length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }
        return 0;
    }
}
