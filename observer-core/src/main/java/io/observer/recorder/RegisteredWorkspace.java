package io.observer.recorder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The workspace of a registration, if it has one. It is kept as it was written even where the locale of this server
 * cannot name it, since another start may.
 *
 * @param text null if the job has no workspace
 * @param path null if there is none, or none that can be named
 */
record RegisteredWorkspace(@Nullable String text, @Nullable Path path) {

    static RegisteredWorkspace of(@Nullable Path path) {
        return new RegisteredWorkspace(path == null ? null : path.toString(), path);
    }

    static RegisteredWorkspace read(String text) {
        try {
            return new RegisteredWorkspace(text, Path.of(text));
        } catch (InvalidPathException unnameable) {
            return new RegisteredWorkspace(text, null);
        }
    }

    boolean isNone() {
        return text == null;
    }

    boolean canBeNamed() {
        return isNone() || path != null;
    }
}
