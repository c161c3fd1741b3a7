package io.observer.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What tells a file from every other, so that who has it open can see whether it is still the one of its name.
 *
 * @param key the file system's own key, or the path where there is none
 */
public record FileIdentity(Object key) {

    /** The identity of what is at {@code file} now. */
    public static FileIdentity of(Path file, LinkOption... links) throws IOException {
        return of(file, Files.readAttributes(file, BasicFileAttributes.class, links));
    }

    /** The identity of the file at {@code file} that has these attributes. */
    public static FileIdentity of(Path file, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return new FileIdentity(key == null ? file : key);
    }

    /** Whether this very file, and no other thing, is at {@code file}; false too if that cannot be found out. */
    public boolean isAt(Path file, LinkOption... links) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, links);
            return attributes.isRegularFile() && of(file, attributes).equals(this);
        } catch (IOException gone) {
            return false;
        }
    }
}
