package io.observer.web.cli;

/** What became of registering a job with the recorder. */
sealed interface Registration {

    /** It is registered from now on. */
    record Made() implements Registration {}

    /** It was registered already, with the same workspace. */
    record WasThere() implements Registration {}

    /** It is not, and this is why. */
    record Refused(Problem problem) implements Registration {}
}
