package io.observer.web.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server gave no answer, or one that asks to come again: worth another try. */
final class ServerUnavailable extends Exception {

    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final @Nullable Duration retryAfter;

    ServerUnavailable(int exitCode, String sentence, @Nullable Duration retryAfter) {
        super(sentence);
        this.exitCode = exitCode;
        this.retryAfter = retryAfter;
    }

    /** Nothing came back, or what came broke off. */
    ServerUnavailable(String sentence) {
        this(ExitCode.UNREACHABLE, sentence, null);
    }

    /** How long the server asks to wait, or null if it did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** The same as the end of the command, once trying again is over. */
    CommandFailed given() {
        return new CommandFailed(exitCode, String.valueOf(getMessage()));
    }
}
