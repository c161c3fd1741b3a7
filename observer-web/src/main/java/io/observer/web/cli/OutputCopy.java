package io.observer.web.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Hands on what a command writes, byte by byte and at once, and shows it to {@link OutputLines} as well. */
final class OutputCopy {

    private final InputStream in;
    private final OutputStream out;
    private final OutputLines lines;
    private final Thread thread;
    private volatile boolean reading;
    private volatile long reads;

    OutputCopy(String name, InputStream in, OutputStream out, OutputLines lines) {
        this.in = in;
        this.out = out;
        this.lines = lines;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Waits for the end of the output, however slow its reader is, but not for programs left behind that keep the pipe
     * open and have nothing to say.
     */
    void end(Duration silence) throws InterruptedException {
        long before;
        do {
            before = reads;
            thread.join(silence.toMillis());
        } while (thread.isAlive() && (!reading || reads != before));
        lines.end();
    }

    private void run() {
        byte[] buffer = new byte[1 << 16];
        try (in) {
            for (int n = read(buffer); n >= 0; n = read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
                lines.feed(buffer, n);
            }
        } catch (IOException closed) {
            // Nobody reads on, or nobody can write on; the command learns it from the closed pipe.
        }
    }

    private int read(byte[] buffer) throws IOException {
        reading = true;
        int count = in.read(buffer);
        reading = false;
        // Only this thread writes it.
        reads = reads + 1;
        return count;
    }
}
