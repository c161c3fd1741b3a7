package io.observer.recorder;

import java.io.IOException;

/** A timeline, or its workspace, is not what it has to be. The message says so in words for a person. */
final class UnfitFileException extends IOException {

    private static final long serialVersionUID = 1L;

    UnfitFileException(String message) {
        super(message);
    }
}
