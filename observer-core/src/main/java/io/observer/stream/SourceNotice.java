package io.observer.stream;

/**
 * How a source of events does.
 *
 * @param retryInSeconds when the next try is made to reach it; 0 while it is connected
 * @param after said once a reader is past the event of this id; 0 for at once
 */
record SourceNotice(String source, boolean connected, long retryInSeconds, long after) {

    /** It went away, which is said at once. */
    static SourceNotice disconnected(String source, long retryInSeconds) {
        return new SourceNotice(source, false, retryInSeconds, 0);
    }

    /** It is there, and what came of it up to the event {@code after} is said before. */
    static SourceNotice connected(String source, long after) {
        return new SourceNotice(source, true, 0, after);
    }

    /** Said at {@code position} at the latest. */
    SourceNotice noLaterThan(long position) {
        return after <= position ? this : new SourceNotice(source, connected, retryInSeconds, position);
    }

    StreamItem at(long position) {
        return connected
                ? new StreamItem.SourceConnected(position, source)
                : new StreamItem.SourceDisconnected(position, source, retryInSeconds);
    }
}
