package io.observer.web.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Reads standard input, or a file, on a thread of its own and queues an event for each line that is not blank. */
final class InputReader implements Runnable {

    /** An event may have 256 KiB; what is far beyond is not even kept in memory. */
    private static final int LONGEST_EVENT = 1 << 20;

    private final InputLines input;
    private final boolean plainLines;
    private final PublishDefaults defaults;
    private final BatchQueue queue;
    private final PublishReport report;
    private volatile @Nullable IOException failure;

    /** @param plainLines whether each line is to become a {@code log.line}, instead of being an event itself */
    InputReader(InputStream in, boolean plainLines, PublishDefaults defaults, BatchQueue queue, PublishReport report) {
        this.input = new InputLines(in, plainLines ? LogLine.LONGEST_READ : LONGEST_EVENT, queue::idle);
        this.plainLines = plainLines;
        this.defaults = defaults;
        this.queue = queue;
        this.report = report;
    }

    void start() {
        Thread thread = new Thread(this, "standard-input");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            boolean wanted = true;
            for (InputLine line = input.next(); wanted && line != null; line = input.next()) {
                wanted = line.isBlank() || take(line);
            }
        } catch (IOException unreadable) {
            failure = unreadable;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            queue.close();
        }
    }

    /** Why reading ended early, or null if it did not. */
    @Nullable
    IOException failure() {
        return failure;
    }

    private boolean take(InputLine line) throws InterruptedException {
        report.read();
        if (plainLines) {
            byte[] event = defaults.event("log.line", LogLine.data(line), Clock.systemUTC());
            return queue.put(new QueuedEvent(line.number(), event));
        }
        if (line.isCut()) {
            report.refused(line.number(), "it is longer than 1 MiB, and an event may have 256 KiB");
            return true;
        }
        return queue.put(new QueuedEvent(line.number(), defaults.complete(line.bytes())));
    }
}
