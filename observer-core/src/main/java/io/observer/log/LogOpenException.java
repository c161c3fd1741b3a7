package io.observer.log;

/** A log cannot be opened; the message says why and what would help. */
public final class LogOpenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogOpenException(String message) {
        super(message);
    }

    public LogOpenException(String message, Throwable cause) {
        super(message, cause);
    }
}
