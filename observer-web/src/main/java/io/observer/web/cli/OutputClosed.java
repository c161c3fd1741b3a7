package io.observer.web.cli;

import java.io.IOException;
import java.util.Locale;

/** Standard output takes no more, most often because the reader of a pipe has seen enough. */
final class OutputClosed extends RuntimeException {

    private static final long serialVersionUID = 1;

    OutputClosed(IOException cause) {
        super(cause);
    }

    /** Says what went wrong unless it was only the end of a pipe ({@code | head}), and answers the exit code. */
    int report(Console console) {
        String reason = Reason.of(this);
        if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
            return ExitCode.FINE;
        }
        console.note("cannot write to standard output: " + reason);
        return ExitCode.FAILED;
    }
}
