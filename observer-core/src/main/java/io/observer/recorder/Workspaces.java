package io.observer.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** The directories that may be workspaces: those whose real path is in one of some roots. Blocks. */
final class Workspaces {

    private final List<Path> roots;

    Workspaces(List<Path> roots) {
        this.roots = roots;
    }

    /**
     * The real path of a directory that is to be a workspace.
     *
     * @throws WorkspaceRefusedException if it may not be one
     */
    Path admit(Path directory) {
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException missing) {
            throw new WorkspaceRefusedException(
                    "the workspace does not exist or cannot be reached; make the directory first");
        }
        if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new WorkspaceRefusedException("the workspace is no directory; name the directory of the job");
        }
        if (!isAllowed(real)) {
            throw new WorkspaceRefusedException(
                    "the workspace is outside of the allowed roots; see observer.recorder.workspace-roots");
        }
        return real;
    }

    /** The real path of {@code directory}, or what it would be if what is missing of it were there. */
    static Path locate(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException missing) {
            Path parent = directory.getParent();
            return parent == null
                    ? directory
                    : locate(parent).resolve(directory.getFileName()).normalize();
        }
    }

    /** Fails unless {@code admitted}, once a result of {@link #admit}, is still that directory and still allowed. */
    void require(Path admitted) throws IOException {
        if (!Files.exists(admitted, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnfitFileException("the workspace does not exist");
        }
        if (!Files.isDirectory(admitted, LinkOption.NOFOLLOW_LINKS)
                || !admitted.toRealPath().equals(admitted)) {
            throw new UnfitFileException("the workspace is no longer the directory that was registered");
        }
        if (!isAllowed(admitted)) {
            throw new UnfitFileException("the workspace is outside of the allowed roots");
        }
    }

    private boolean isAllowed(Path real) {
        return roots.stream().anyMatch(root -> real.startsWith(realIfThere(root)));
    }

    private static Path realIfThere(Path root) {
        try {
            return root.toRealPath();
        } catch (IOException missing) {
            return root.toAbsolutePath().normalize();
        }
    }
}
