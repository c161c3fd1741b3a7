package io.observer.recorder;

/** A directory cannot be a job's workspace. The message says why, and what would be right. */
public final class WorkspaceRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WorkspaceRefusedException(String message) {
        super(message, null, false, false);
    }
}
