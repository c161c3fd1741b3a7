package io.observer.log;

import io.observer.event.Event;
import io.observer.event.StoredEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index of a segment from its lines. Damaged lines, and events whose id is not higher than the one before, are
 * passed over and counted; the first of each segment is named in the log.
 */
final class SegmentRecovery {

    private static final Logger log = LoggerFactory.getLogger(SegmentRecovery.class);

    private final Segment segment;
    private final SegmentIndex index;
    private long lastId;
    private long lineNumber;
    private long damaged;

    private SegmentRecovery(Segment segment, long lastId) {
        this.segment = segment;
        this.index = new SegmentIndex(segment.baseId());
        this.lastId = Math.max(lastId, segment.baseId() - 1);
    }

    /** @param damaged lines that hold no event, or one that does not follow those before */
    record Recovered(SegmentIndex index, long lastId, long damaged) {}

    /**
     * Reads a segment that will not be written any more.
     *
     * @param lastId the newest id before it
     */
    static Recovered read(Segment segment, long lastId) throws IOException {
        SegmentRecovery recovery = new SegmentRecovery(segment, lastId);
        LineScanner.Line torn = recovery.readLines();
        if (torn != null) {
            recovery.take(torn);
        }
        return recovery.result();
    }

    /** Reads the newest segment and ends it with a whole line, so that it can be written on. */
    static Recovered repair(Segment segment, long lastId) throws IOException {
        SegmentRecovery recovery = new SegmentRecovery(segment, lastId);
        LineScanner.Line torn = recovery.readLines();
        if (torn != null) {
            recovery.mend(torn);
        }
        return recovery.result();
    }

    /** Takes all whole lines; the last one if it is not. */
    private LineScanner.@Nullable Line readLines() throws IOException {
        LineScanner scanner = new LineScanner(segment);
        for (LineScanner.Line line = scanner.next(); line != null; line = scanner.next()) {
            lineNumber++;
            if (!line.terminated()) {
                return line;
            }
            take(line);
        }
        return null;
    }

    /** A last line without its end is closed if it is an event, and cut off if it is the beginning of one. */
    private void mend(LineScanner.Line torn) throws IOException {
        if (StoredEvents.check(torn.text()) != null) {
            segment.append(ByteBuffer.wrap(new byte[] {'\n'}));
            take(torn);
        } else {
            log.warn(
                    "The last line was torn and is cut off. file={} line={} bytes={}",
                    segment.file(),
                    lineNumber,
                    segment.size() - torn.offset());
            segment.cutBack(torn.offset());
        }
    }

    private void take(LineScanner.Line line) {
        Event event = line.text().length == 0 ? null : StoredEvents.check(line.text());
        if (event == null || event.id() <= lastId || event.id() - segment.baseId() > Integer.MAX_VALUE) {
            if (damaged++ == 0) {
                log.warn(
                        "A line holds no event that follows and is passed over, and so are others like it."
                                + " file={} line={}",
                        segment.file(),
                        lineNumber);
            }
            return;
        }
        index.add(List.of(event), line.offset());
        lastId = event.id();
    }

    private Recovered result() {
        return new Recovered(index, lastId, damaged);
    }
}
