package io.observer.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a log's directory.
 *
 * @param segments oldest first, at least one; the last is written on
 * @param activeIndex the index of the last segment
 * @param lastId no higher id was ever given
 * @param jobs those that were active last, the last of them first
 * @param damagedLines lines that hold no event
 * @param fault why nothing can be stored for now, or null
 */
record OpenedLog(
        LogIdentity identity,
        List<Segment> segments,
        SegmentIndex activeIndex,
        long lastId,
        List<JobTrace> jobs,
        long damagedLines,
        @Nullable String fault) {}
