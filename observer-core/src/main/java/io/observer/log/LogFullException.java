package io.observer.log;

/** More events wait for the writer than the queue may hold; nothing was taken, try again soon. */
public final class LogFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LogFullException() {
        super("too many events wait to be stored", null, false, false);
    }
}
