package io.observer.web.cli;

/** Text that is not the JSON it should be. */
final class MalformedJson extends RuntimeException {

    private static final long serialVersionUID = 1;

    MalformedJson(String reason) {
        super(reason);
    }
}
