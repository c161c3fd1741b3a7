package io.observer.e2e.bench;

/** The command line asks for something that does not exist or is out of range. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
