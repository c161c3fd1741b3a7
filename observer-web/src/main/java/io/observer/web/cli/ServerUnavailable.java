package io.observer.web.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server gave no answer, or one that asks to come again: worth another try. */
final class ServerUnavailable extends Exception {

    private static final long serialVersionUID = 1;

    private final CommandFailed end;
    private final @Nullable Duration retryAfter;

    private ServerUnavailable(String sentence, CommandFailed end, @Nullable Duration retryAfter) {
        super(sentence);
        this.end = end;
        this.retryAfter = retryAfter;
    }

    /** Nothing came back. */
    static ServerUnavailable unreachable(String sentence) {
        String advice = "; start one with 'observer serve' or name another with --url";
        return new ServerUnavailable(sentence, new CommandFailed(ExitCode.UNREACHABLE, sentence + advice), null);
    }

    /** What came broke off. */
    static ServerUnavailable lost(String sentence) {
        return new ServerUnavailable(sentence, new CommandFailed(ExitCode.UNREACHABLE, sentence), null);
    }

    /** The server said that it cannot just now, and perhaps how long to wait. */
    static ServerUnavailable answered(int exitCode, String sentence, @Nullable Duration retryAfter) {
        return new ServerUnavailable(sentence, new CommandFailed(exitCode, sentence), retryAfter);
    }

    /** How long the server asks to wait, or null if it did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** The same as the end of the command, once trying again is over. */
    CommandFailed given() {
        return end;
    }
}
