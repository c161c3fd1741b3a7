package io.observer.web.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits input into lines as they come, and keeps of a line that is too long only its beginning. */
final class InputLines {

    private final InputStream in;
    private final int longest;
    private final Runnable beforeRead;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int end;
    private long number;

    /**
     * @param longest how many bytes of a line to keep
     * @param beforeRead called when all lines that have come are handed out and the input may keep the caller waiting
     */
    InputLines(InputStream in, int longest, Runnable beforeRead) {
        this.in = in;
        this.longest = longest;
        this.beforeRead = beforeRead;
    }

    /** The next line, or null at the end. */
    @Nullable
    InputLine next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean any = false;
        boolean cut = false;
        while (fill()) {
            any = true;
            int from = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            int kept = Math.min(position - from, longest - line.size());
            line.write(buffer, from, kept);
            cut |= kept < position - from;
            if (position < end) {
                position++;
                break;
            }
        }
        return any ? new InputLine(++number, withoutCr(line.toByteArray(), cut), cut) : null;
    }

    private boolean fill() throws IOException {
        if (position < end) {
            return true;
        }
        beforeRead.run();
        position = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private static byte[] withoutCr(byte[] line, boolean cut) {
        boolean crlf = !cut && line.length > 0 && line[line.length - 1] == '\r';
        return crlf ? Arrays.copyOf(line, line.length - 1) : line;
    }
}
