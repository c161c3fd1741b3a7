package io.observer.web.cli;

/** A command cannot do what it was asked to: one sentence for the user and the exit code. */
final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandFailed(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /** A failure that no other exit code names. */
    CommandFailed(String sentence) {
        this(ExitCode.FAILED, sentence);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    int exitCode() {
        return exitCode;
    }
}
