package io.observer.log;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes at hand: those of the segments that were read last, within a bound of heap. Others are read from beside
 * their segments again when they are needed.
 */
final class SegmentIndexes {

    private static final Logger log = LoggerFactory.getLogger(SegmentIndexes.class);

    private final long maxBytes;
    private final Map<Segment, SegmentIndex> atHand = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes heap for rows; one index is always kept */
    SegmentIndexes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void put(Segment segment, SegmentIndex index) {
        forget(segment);
        atHand.put(segment, index);
        bytes += bytesOf(index);
        Iterator<SegmentIndex> eldest = atHand.values().iterator();
        while (bytes > maxBytes && atHand.size() > 1) {
            bytes -= bytesOf(eldest.next());
            eldest.remove();
        }
    }

    /** The index of a segment that is not written any more. */
    synchronized SegmentIndex of(Segment segment) throws IOException {
        SegmentIndex known = atHand.get(segment);
        if (known != null) {
            return known;
        }
        SegmentIndexFile.Stored stored = SegmentIndexFile.load(segment.file(), segment.size());
        SegmentIndex index = stored != null ? stored.index() : rebuilt(segment);
        put(segment, index);
        return index;
    }

    synchronized void forget(Segment segment) {
        @Nullable SegmentIndex known = atHand.remove(segment);
        if (known != null) {
            bytes -= bytesOf(known);
        }
    }

    private static SegmentIndex rebuilt(Segment segment) throws IOException {
        SegmentIndex index = SegmentRecovery.read(segment, segment.baseId() - 1).index();
        save(segment, index);
        return index;
    }

    /** Stores the index beside its segment; without it the segment is only slower to open. */
    static void save(Segment segment, SegmentIndex index) {
        try {
            SegmentIndexFile.save(segment.file(), segment.size(), segment.age(), index);
        } catch (IOException failure) {
            log.warn("An index could not be stored; it is made anew when needed. file={}", segment.file(), failure);
        }
    }

    private static long bytesOf(SegmentIndex index) {
        return (long) index.columns().ids().length * SegmentIndex.ROW_BYTES;
    }
}
