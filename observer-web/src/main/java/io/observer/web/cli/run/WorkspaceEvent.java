package io.observer.web.cli.run;

/** Something that happened in a workspace. */
public sealed interface WorkspaceEvent {

    /**
     * A file is there that was not.
     *
     * @param path below the workspace, with slashes
     */
    record FileCreated(String path) implements WorkspaceEvent {}

    /**
     * A file has other contents.
     *
     * @param path below the workspace, with slashes
     */
    record FileModified(String path) implements WorkspaceEvent {}

    /**
     * A file is gone.
     *
     * @param path below the workspace, with slashes
     */
    record FileDeleted(String path) implements WorkspaceEvent {}

    /**
     * More happened at once than the operating system could tell, so the files were looked at again. What came and went
     * meanwhile was not seen.
     *
     * @param changes how many changes that brought to light, told before this
     */
    record Rescanned(int changes) implements WorkspaceEvent {}

    /**
     * Not everything is watched.
     *
     * @param directories how many are
     * @param reason why the others are not
     */
    record Limited(int directories, String reason) implements WorkspaceEvent {}
}
