package io.observer.log;

import java.util.Collection;
import java.util.List;

/**
 * What was found in a log's directory.
 *
 * @param segments oldest first, at least one; the last is written on
 * @param activeIndex the index of the last segment
 * @param lastId no higher id was ever given
 * @param holesThrough up to this id some are known to be missing, so they cannot be counted
 * @param damagedLines lines that hold no event
 */
record OpenedLog(
        LogIdentity identity,
        List<Segment> segments,
        SegmentIndex activeIndex,
        long lastId,
        long holesThrough,
        Collection<JobTrace> jobs,
        long damagedLines) {}
