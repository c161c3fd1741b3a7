package io.observer.operation;

import io.observer.event.InvalidEventException;
import io.observer.operation.JournalLines.Line;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the operations of one file back. A line that holds none is passed over, and the log says which. */
final class JournalReplay {

    private static final Logger log = LoggerFactory.getLogger(JournalReplay.class);

    /** Lines of one file that are named in the log; the others are only counted there. */
    private static final int NAMED = 20;

    private final Path file;
    private final OperationJson json;
    private final Consumer<ObservedOp> sink;
    private long operations;
    private long passedOver;

    /** @param sink takes the operations in the order in which they were recorded */
    JournalReplay(Path file, OperationJson json, Consumer<ObservedOp> sink) {
        this.file = file;
        this.json = json;
        this.sink = sink;
    }

    /** Reads all lines; answers the last if its end is missing and it holds no operation. */
    @Nullable
    Line read(FileChannel channel) throws IOException {
        JournalLines lines = new JournalLines(channel);
        Line torn = null;
        for (Line line = lines.next(); line != null; line = lines.next()) {
            ObservedOp op = operation(line);
            if (op != null) {
                sink.accept(op);
                operations++;
            } else if (!line.terminated()) {
                torn = line;
            } else if (!line.isBlank()) {
                passOver(line);
            }
        }
        if (passedOver > NAMED) {
            log.warn("More lines hold no operation and are passed over. file={} lines={}", file, passedOver - NAMED);
        }
        return torn;
    }

    /** How many there were so far. */
    long operations() {
        return operations;
    }

    private @Nullable ObservedOp operation(Line line) {
        try {
            return line.text() == null || line.isBlank() ? null : json.read(line.text());
        } catch (InvalidEventException malformed) {
            return null;
        }
    }

    private void passOver(Line line) {
        if (passedOver++ < NAMED) {
            log.warn("A line holds no operation and is passed over. file={} line={}", file, line.number());
        }
    }
}
