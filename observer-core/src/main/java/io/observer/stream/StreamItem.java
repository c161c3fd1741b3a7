package io.observer.stream;

import io.observer.event.Event;
import io.observer.job.JobState;
import io.observer.log.Gap;

/** What a stream can say. Every item stands at a position: what a reader that has seen it resumes after. */
public sealed interface StreamItem {

    /** The id up to which a reader that has seen this item is covered. */
    long position();

    /** An event that the reader wants. */
    record Delivered(Event event) implements StreamItem {
        @Override
        public long position() {
            return event.id();
        }
    }

    /** The first item of every stream; {@code position} is where it starts. */
    record Hello(long position) implements StreamItem {}

    /** The replay that was asked for is done, live from here. */
    record CaughtUp(long position) implements StreamItem {}

    /** Nothing was said for a while; {@code dropped} events were lost on this stream so far. */
    record Heartbeat(long position, long dropped) implements StreamItem {}

    /** Events were passed over, just before {@code position}. */
    record Missed(long position, Gap gap) implements StreamItem {}

    /** The job is over and all it left has been said. */
    record JobFinished(long position, String jobId, JobState state) implements StreamItem {}

    /** A source that feeds the server went away; the next try to reach it is made in so many seconds. */
    record SourceDisconnected(long position, String source, long retryInSeconds) implements StreamItem {}

    /** A source that had gone away is back. */
    record SourceConnected(long position, String source) implements StreamItem {}

    /** The server goes down; nothing follows. */
    record Stopped(long position) implements StreamItem {}
}
