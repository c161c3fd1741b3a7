package io.observer.log;

/** The log's medium does not take events now; nothing of the append was stored or shown. It heals by itself, unless it says otherwise. */
public final class LogStorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogStorageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
