package io.observer.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories for what jobs tell the server: for this user only, when the server is the one who makes them. */
public final class PrivateDirectory {

    private PrivateDirectory() {}

    /** Returns when the disk knows which files are in {@code directory}, on systems where one can ask for that. */
    static void flush(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException notToBeOpened) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

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
