package io.observer.operation;

/** A journal cannot be opened; the message says why and what would help. */
public final class JournalOpenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JournalOpenException(String message, Throwable cause) {
        super(message, cause);
    }
}
