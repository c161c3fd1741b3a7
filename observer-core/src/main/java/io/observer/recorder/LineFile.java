package io.observer.recorder;

import java.io.IOException;
import java.util.List;

/** Where a timeline's lines end up: the seam at which tests let a workspace fail. One task at a time; may block. */
interface LineFile {

    /** Appends {@code lines}, all or none. */
    void write(List<byte[]> lines) throws IOException;

    /** Whether something is held that {@link #close} would let go of. */
    boolean isOpen();

    /** Lets go of the file; the next write opens it again. */
    void close();
}
