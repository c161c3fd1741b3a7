package io.observer.recorder;

import io.observer.log.ChannelOpener;
import io.observer.log.FileIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The timeline of one job on disk: whole lines, at most so many bytes, in a regular file of its own that is reached
 * without following links. Opened when needed. Blocks; one task at a time.
 */
final class TimelineFile implements LineFile {

    private static final byte LINE_BREAK = '\n';
    private static final int SCAN_BYTES = 8 * 1024;
    private static final int COPY_BYTES = 64 * 1024;

    private final Workspaces workspaces;
    private final Path workspace;
    private final Path file;
    private final Path temporary;
    private final long maxBytes;
    private final ChannelOpener files;
    private final OpenFiles openFiles;

    private @Nullable FileChannel channel;
    private @Nullable FileIdentity identity;
    private long knownSize;
    private boolean torn;

    /**
     * @param workspace the real path of a directory
     * @param maxBytes when the next line would exceed this, the oldest go
     * @param openFiles counts the files that are open, over all timelines
     */
    TimelineFile(
            Workspaces workspaces,
            Path workspace,
            String name,
            long maxBytes,
            ChannelOpener files,
            OpenFiles openFiles) {
        this.workspaces = workspaces;
        this.workspace = workspace;
        this.file = workspace.resolve(name);
        this.temporary = workspace.resolve(temporaryName(name));
        this.maxBytes = maxBytes;
        this.files = files;
        this.openFiles = openFiles;
    }

    /** What a timeline is called while it is being rewritten. */
    static String temporaryName(String name) {
        return name + ".tmp";
    }

    /** Appends {@code lines}, all or none. */
    @Override
    public void write(List<byte[]> lines) throws IOException {
        try {
            FileChannel open = ensureOpen();
            long size = open.size();
            if (size != knownSize) {
                torn = isTorn(open, size);
            }
            ByteBuffer batch = LineBatch.join(lines, torn);
            if (size + batch.remaining() > maxBytes && (size > 0 || lines.size() > 1)) {
                rewrite(open, size, lines);
            } else {
                append(open, size, batch);
            }
            if (openFiles.areTooMany()) {
                close();
            }
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public boolean isOpen() {
        return channel != null;
    }

    @Override
    public void close() {
        FileChannel open = channel;
        if (open != null) {
            channel = null;
            openFiles.closed();
            closeQuietly(open);
        }
    }

    private void append(FileChannel open, long size, ByteBuffer batch) throws IOException {
        try {
            writeFully(open, batch, size);
        } catch (IOException failure) {
            cutBack(open, size);
            throw failure;
        }
        knownSize = size + batch.position();
        torn = false;
    }

    /** A line that is only half there would be joined to the next one; if this fails too, opening mends it. */
    private static void cutBack(FileChannel open, long size) {
        try {
            open.truncate(size);
        } catch (IOException alsoFailed) {
            // Said by the failure that brought us here.
        }
    }

    /** Replaces the file by one with its newest lines and {@code lines}, at once or not at all. */
    private void rewrite(FileChannel open, long size, List<byte[]> lines) throws IOException {
        // Not to the brim: else the next line would rewrite it again.
        long room = maxBytes - maxBytes / 4;
        List<byte[]> newest = LineBatch.newest(lines, room);
        ByteBuffer batch = LineBatch.join(newest, torn);
        long from = newest.size() < lines.size() ? size : firstLineAfter(open, size - (room - batch.remaining()), size);
        if (from == size) {
            batch = LineBatch.join(newest, false);
        }
        try {
            Files.createFile(temporary, PrivateFile.attributes(workspace));
            try (FileChannel target = files.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                writeFully(target, batch, copy(open, from, size, target));
            }
            workspaces.require(workspace);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            Files.deleteIfExists(temporary);
            throw failure;
        }
        close();
    }

    /** Answers how many bytes there were from {@code from} on. */
    private static long copy(FileChannel open, long from, long size, FileChannel target) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(COPY_BYTES);
        long at = from;
        while (at < size && open.read(block.clear(), at) > 0) {
            block.flip().limit((int) Math.min(block.limit(), size - at));
            at += block.limit();
            writeFully(target, block, at - from - block.limit());
        }
        return at - from;
    }

    private static long firstLineAfter(FileChannel open, long position, long size) throws IOException {
        if (position <= 0) {
            return 0;
        }
        ByteBuffer block = ByteBuffer.allocate(SCAN_BYTES);
        for (long at = position - 1; at < size; at += block.position()) {
            block.clear();
            if (open.read(block, at) <= 0) {
                return size;
            }
            for (int i = 0; i < block.position(); i++) {
                if (block.get(i) == LINE_BREAK) {
                    return at + i + 1;
                }
            }
        }
        return size;
    }

    private FileChannel ensureOpen() throws IOException {
        if (channel != null && identity != null && !identity.isAt(file, LinkOption.NOFOLLOW_LINKS)) {
            close();
        }
        FileChannel open = channel;
        return open == null ? open() : open;
    }

    private FileChannel open() throws IOException {
        workspaces.require(workspace);
        Files.deleteIfExists(temporary);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file, PrivateFile.attributes(workspace));
        }
        FileIdentity before = PrivateFile.require(file);
        FileChannel opened =
                files.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            workspaces.require(workspace);
            if (!PrivateFile.require(file).equals(before)) {
                throw new UnfitFileException("the timeline was replaced while it was opened");
            }
            PrivateFile.restrict(file);
            knownSize = opened.size();
            torn = isTorn(opened, knownSize);
        } catch (IOException | RuntimeException failure) {
            closeQuietly(opened);
            throw failure;
        }
        channel = opened;
        identity = before;
        openFiles.opened();
        return opened;
    }

    private static boolean isTorn(FileChannel open, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return size > 0 && open.read(last, size - 1) == 1 && last.get(0) != LINE_BREAK;
    }

    private static void writeFully(FileChannel into, ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += into.write(bytes, at);
        }
    }

    private static void closeQuietly(FileChannel open) {
        try {
            open.close();
        } catch (IOException failure) {
            // Nothing is left to be written by it.
        }
    }
}
