package io.observer.log;

/** The log has been closed and takes no more events. */
public final class LogClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogClosedException() {
        super("the log is closed", null, false, false);
    }
}
