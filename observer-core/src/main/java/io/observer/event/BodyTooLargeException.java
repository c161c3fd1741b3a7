package io.observer.event;

/** A body holds more than one request may carry; none of its events was accepted. */
public final class BodyTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BodyTooLargeException(String message) {
        super(message, null, false, false);
    }
}
