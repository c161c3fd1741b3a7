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
 * their segments again when they are needed, one at a time; whoever needs only what is at hand does not wait for that.
 */
final class SegmentIndexes {

    private static final Logger log = LoggerFactory.getLogger(SegmentIndexes.class);

    private record Entry(SegmentIndex index, long bytes) {}

    private final long maxBytes;
    private final Map<Segment, Entry> atHand = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Held by the reader that reads an index; taken before the monitor, and never by the writer. */
    private final Object loading = new Object();

    /** @param maxBytes heap for rows and names; one index is always kept */
    SegmentIndexes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Keeps for readers what {@code index} says. */
    void put(Segment segment, SegmentIndex index) {
        SegmentIndex kept = index.readOnly();
        keep(segment, new Entry(kept, kept.bytes()));
    }

    private synchronized void keep(Segment segment, Entry entry) {
        forget(segment);
        atHand.put(segment, entry);
        bytes += entry.bytes();
        Iterator<Entry> eldest = atHand.values().iterator();
        while (bytes > maxBytes && atHand.size() > 1) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /** The index of a segment that is not written any more. */
    SegmentIndex of(Segment segment) throws IOException {
        SegmentIndex known = find(segment);
        if (known != null) {
            return known;
        }
        synchronized (loading) {
            SegmentIndex meanwhile = find(segment);
            if (meanwhile != null) {
                return meanwhile;
            }
            SegmentIndex stored = SegmentIndexFile.loadReadOnly(segment.file(), segment.size());
            SegmentIndex index = stored != null ? stored : rebuilt(segment).readOnly();
            put(segment, index);
            return index;
        }
    }

    private synchronized @Nullable SegmentIndex find(Segment segment) {
        Entry entry = atHand.get(segment);
        return entry == null ? null : entry.index();
    }

    synchronized void forget(Segment segment) {
        Entry known = atHand.remove(segment);
        if (known != null) {
            bytes -= known.bytes();
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
}
