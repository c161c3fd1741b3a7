package io.observer.web.cli;

/** An event that waits to be sent. */
final class QueuedEvent {

    /** The line of an event that came from flags. */
    static final long NO_LINE = 0;

    private final long line;
    private final byte[] json;

    /** @param line the line of standard input that it came from, or {@link #NO_LINE} */
    QueuedEvent(long line, byte[] json) {
        this.line = line;
        this.json = json;
    }

    long line() {
        return line;
    }

    byte[] json() {
        return json;
    }
}
