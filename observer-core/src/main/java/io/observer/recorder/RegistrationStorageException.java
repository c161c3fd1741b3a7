package io.observer.recorder;

/** Registrations cannot be stored right now, so none was changed. */
public final class RegistrationStorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistrationStorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
