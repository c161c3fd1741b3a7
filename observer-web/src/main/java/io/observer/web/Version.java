package io.observer.web;

import java.util.Objects;

/** Which version this is. */
public final class Version {

    private Version() {}

    /** The version of the jar, or {@code dev} outside of one. */
    public static String current() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "dev");
    }
}
