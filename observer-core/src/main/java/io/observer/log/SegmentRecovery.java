package io.observer.log;

import io.observer.event.Event;
import io.observer.event.StoredEvents;
import java.io.IOException;
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
    private boolean endIsDamaged;
    private long unfinishedFrom = -1;

    private SegmentRecovery(Segment segment, long lastId) {
        this.segment = segment;
        this.index = new SegmentIndex(segment.baseId());
        this.lastId = Math.max(lastId, segment.baseId() - 1);
    }

    /**
     * @param index knows how many lines hold no event, or one that does not follow those before
     * @param endIsDamaged whether such a line is the last, so that higher ids than are found may have been given
     */
    record Recovered(SegmentIndex index, long lastId, boolean endIsDamaged) {}

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

    /** Reads the newest segment and ends it with a whole append, so that it can be written on. */
    static Recovered repair(Segment segment, long lastId) throws IOException {
        SegmentRecovery recovery = new SegmentRecovery(segment, lastId);
        LineScanner.Line torn = recovery.readLines();
        if (recovery.unfinishedFrom >= 0) {
            recovery.cutOff(recovery.unfinishedFrom);
            return repair(segment, lastId);
        }
        if (torn != null) {
            recovery.cutOff(torn.offset());
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
            noteUnfinished(line);
        }
        return null;
    }

    private void noteUnfinished(LineScanner.Line line) {
        int length = line.text().length;
        boolean unfinished =
                length > 1 && line.text()[length - 1] == LineBuffer.UNFINISHED && line.text()[length - 2] == '}';
        if (!unfinished) {
            unfinishedFrom = -1;
        } else if (unfinishedFrom < 0) {
            unfinishedFrom = line.offset();
        }
    }

    /** An append that was not stored to its end was answered to nobody; none of it counts. */
    private void cutOff(long from) throws IOException {
        log.warn(
                "The last append was not stored to its end and is cut off. file={} line={} bytes={}",
                segment.file(),
                lineNumber,
                segment.size() - from);
        segment.cutBack(from);
    }

    private void take(LineScanner.Line line) {
        Event event = line.text().length == 0 ? null : StoredEvents.check(line.text());
        if (event == null || event.id() <= lastId || event.id() - segment.baseId() > Integer.MAX_VALUE) {
            if (index.damagedLines() == 0) {
                log.warn(
                        "A line holds no event that follows and is passed over, and so are others like it."
                                + " file={} line={}",
                        segment.file(),
                        lineNumber);
            }
            index.countDamaged(1);
            endIsDamaged = true;
            return;
        }
        endIsDamaged = false;
        index.add(Batch.ofSingles(List.of(event)), line.offset());
        lastId = event.id();
    }

    private Recovered result() {
        return new Recovered(index, lastId, endIsDamaged);
    }
}
