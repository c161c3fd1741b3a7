package io.observer.operation;

import org.jspecify.annotations.Nullable;

/** An operation was not taken; nothing of it was stored, counted or shown. */
public final class OperationRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it was not. */
    public enum Reason {
        /** Too many wait; try again soon. */
        FULL,
        /** The journal does not take operations now; it heals by itself. */
        STORAGE,
        /** The store has been closed. */
        CLOSED
    }

    private final Reason reason;

    OperationRefusedException(Reason reason, String message) {
        this(reason, message, null);
    }

    OperationRefusedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
