package io.observer.stream;

import io.observer.event.EventFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks for.
 *
 * @param filter which events
 * @param job the job whose end ends the stream, or null for a stream that never ends by itself
 * @param follow whether the stream goes on after the job's end
 * @param heartbeat how long a stream may be silent
 * @param lossless whether a reader that is slow is led back to the log, and told of a gap only where that has none of it
 *     any more
 */
public record StreamRequest(
        EventFilter filter,
        @Nullable String job,
        StreamStart start,
        boolean follow,
        Duration heartbeat,
        boolean lossless) {

    /** How long a stream may be silent unless asked otherwise. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(30);

    /** All events from now on. */
    public static StreamRequest global() {
        return new StreamRequest(EventFilter.all(), null, new StreamStart.Next(), false, DEFAULT_HEARTBEAT, false);
    }

    /** The events of one job from now on, until it finishes. */
    public static StreamRequest ofJob(String jobId) {
        return new StreamRequest(
                EventFilter.job(jobId), jobId, new StreamStart.Next(), false, DEFAULT_HEARTBEAT, false);
    }

    /** The same request, beginning elsewhere. */
    public StreamRequest startingAt(StreamStart elsewhere) {
        return new StreamRequest(filter, job, elsewhere, follow, heartbeat, lossless);
    }

    /** The same request for a reader that would rather be late than miss anything. */
    public StreamRequest withoutLoss() {
        return new StreamRequest(filter, job, start, follow, heartbeat, true);
    }
}
