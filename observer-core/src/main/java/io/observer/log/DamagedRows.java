package io.observer.log;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that hold no event though one was stored there: damaged since their index was made. Each counts once, a bit for
 * each row, and the first of each segment is named in the log. Any thread.
 */
final class DamagedRows {

    private static final Logger log = LoggerFactory.getLogger(DamagedRows.class);

    private final Map<Segment, BitSet> known = new HashMap<>();
    private long count;

    /** @param retained the segments that are left; of others nothing is kept */
    synchronized void note(Segment segment, int row, long id, int offset, List<Segment> retained) {
        BitSet rows = known.get(segment);
        if (rows == null) {
            known.keySet().retainAll(retained);
            rows = new BitSet();
            known.put(segment, rows);
            log.warn(
                    "A line does not hold the event that was stored there and is passed over, and so are others like it."
                            + " file={} offset={} id={}",
                    segment.file(),
                    offset,
                    id);
        }
        if (!rows.get(row)) {
            rows.set(row);
            count++;
        }
    }

    /** How many there were since the log was opened. */
    synchronized long count() {
        return count;
    }
}
