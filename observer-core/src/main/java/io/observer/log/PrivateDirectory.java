package io.observer.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories for what jobs tell the server: for this user only, when the server is the one who makes them. */
public final class PrivateDirectory {

    private PrivateDirectory() {}

    /** Makes {@code directory} and those above it, unless they are there; one that is there stays as it is. */
    public static void make(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }
}
