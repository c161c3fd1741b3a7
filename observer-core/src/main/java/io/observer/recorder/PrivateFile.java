package io.observer.recorder;

import io.observer.log.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is the recorder's alone: regular, with one name, and for this user only when the recorder made it. */
final class PrivateFile {

    private PrivateFile() {}

    /** What to create a file in {@code directory} with. */
    static FileAttribute<?>[] attributes(Path directory) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * What tells {@code file} from every other.
     *
     * @throws UnfitFileException if it is no file that lines may be written to
     */
    static FileIdentity require(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw new UnfitFileException("the timeline is a symbolic link");
        }
        if (!attributes.isRegularFile()) {
            throw new UnfitFileException("the timeline is no regular file");
        }
        if (links(file) > 1) {
            throw new UnfitFileException("the timeline has several names");
        }
        return FileIdentity.of(file, attributes);
    }

    private static int links(Path file) throws IOException {
        Set<String> views = file.getFileSystem().supportedFileAttributeViews();
        return views.contains("unix")
                        && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer n
                ? n
                : 1;
    }
}
