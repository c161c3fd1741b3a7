package io.observer.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** How the log opens its files: the seam at which tests let a disk fail. */
@FunctionalInterface
public interface ChannelOpener {

    /** See {@link FileChannel#open(Path, OpenOption...)}. */
    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** The file system itself. */
    static ChannelOpener system() {
        return FileChannel::open;
    }
}
