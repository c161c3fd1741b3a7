package io.observer.operation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why a journal cannot be read or written, in words for a person: no class, no path. */
final class JournalReasons {

    private static final String UNKNOWN = "the file system refuses";

    private JournalReasons() {}

    static String of(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "the journal's directory does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "the journal or its directory may not be written to";
        }
        return failure instanceof FileSystemException refused
                ? inWords(refused.getReason())
                : inWords(failure.getMessage());
    }

    private static String inWords(@Nullable String reason) {
        return reason == null || reason.isBlank() ? UNKNOWN : reason;
    }
}
