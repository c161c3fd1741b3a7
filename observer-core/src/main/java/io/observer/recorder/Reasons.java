package io.observer.recorder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why a file cannot be written, in words for a person: no class, no path. */
final class Reasons {

    private Reasons() {}

    static String of(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "the workspace does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "the workspace may not be written to";
        }
        if (failure instanceof FileSystemException refused) {
            return inWords(refused.getReason());
        }
        return failure instanceof IOException ? inWords(failure.getMessage()) : "the timeline cannot be written";
    }

    private static String inWords(@Nullable String reason) {
        return reason == null || reason.isBlank() ? "the timeline cannot be written" : reason;
    }
}
