package io.observer.web.cli.run;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known to have changed.
 *
 * @param file which file it is, whatever its name
 */
record FileStamp(FileTime modified, long size, @Nullable Object file) {

    /** Of a file that was gone before it could be looked at. */
    static final FileStamp UNSEEN = new FileStamp(FileTime.fromMillis(0), -1, null);

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
