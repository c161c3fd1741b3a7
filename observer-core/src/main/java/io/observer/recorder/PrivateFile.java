package io.observer.recorder;

import io.observer.log.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;

/** A file that is the recorder's alone: regular, with one name, and for this user only when it is this user's. */
final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Where there is one, it belongs to the user of this process, even to one without a name. */
    private static final Path SELF = Path.of("/proc/self");

    private PrivateFile() {}

    /** What to create a file in {@code directory} with. */
    static FileAttribute<?>[] attributes(Path directory) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    /** Takes from all others what they may do with {@code file}, if it is this user's. */
    static void restrict(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        PosixFileAttributes attributes = view.readAttributes();
        if (!attributes.permissions().equals(OWNER_ONLY) && isOwn(attributes.owner(), file)) {
            try {
                view.setPermissions(OWNER_ONLY);
            } catch (IOException unsupported) {
                // Some file systems keep no modes; lines are worth more than none.
            }
        }
    }

    private static boolean isOwn(UserPrincipal owner, Path file) throws IOException {
        if (Files.exists(SELF)) {
            return Files.getOwner(SELF).equals(owner);
        }
        try {
            return file.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name"))
                    .equals(owner);
        } catch (UserPrincipalNotFoundException nameless) {
            return false;
        }
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
