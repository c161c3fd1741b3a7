package io.observer.recorder;

/** A registration does not go with what is there. The message says with what, and what would be right. */
public final class RegistrationConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistrationConflictException(String message) {
        super(message, null, false, false);
    }
}
