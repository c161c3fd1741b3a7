package io.observer.log;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a {@link FileEventLog} keeps its events.
 *
 * @param directory where the segments are; made if missing
 * @param durability what an answered append survives
 * @param ttl how long events are kept, by the time that servers ran on them
 * @param maxBytes how much all segments together may hold
 * @param segmentBytes how large a segment grows before the next is begun; retention takes whole segments
 * @param maxJobs most jobs that are told of when the log is opened
 */
public record FileLogSettings(
        Path directory, Durability durability, Duration ttl, long maxBytes, long segmentBytes, int maxJobs) {

    /** Segments to which {@code maxBytes} is divided at least, so that retention never takes most of the past at once. */
    private static final int MIN_SEGMENTS = 8;

    private static final long MAX_SEGMENT_BYTES = 1L << 30;

    /** A segment is never larger than an eighth of the whole, and never larger than 1 GiB. */
    public FileLogSettings {
        segmentBytes = Math.max(1, Math.min(Math.min(segmentBytes, maxBytes / MIN_SEGMENTS), MAX_SEGMENT_BYTES));
    }
}
