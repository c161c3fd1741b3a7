package io.observer.log;

/** What keeps the log cannot be reached, so it can be neither written nor read beyond memory. It heals by itself. */
public final class LogUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason a sentence for whoever asked, which says what is known of their events */
    public LogUnavailableException(String reason) {
        super(reason, null, false, false);
    }
}
