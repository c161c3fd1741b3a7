package io.observer.stream;

/**
 * How a source of events does.
 *
 * @param retryInSeconds when the next try is made to reach it; 0 while it is connected
 */
record SourceNotice(String source, boolean connected, long retryInSeconds) {

    StreamItem at(long position) {
        return connected
                ? new StreamItem.SourceConnected(position, source)
                : new StreamItem.SourceDisconnected(position, source, retryInSeconds);
    }
}
