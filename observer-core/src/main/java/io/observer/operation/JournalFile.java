package io.observer.operation;

import io.observer.log.ChannelOpener;
import io.observer.log.FileIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The generation of a journal that is written on: whole lines only. When a write fails, the file is cut back to its last
 * whole line before anything else is written. Blocks; used by one thread at a time.
 */
final class JournalFile implements Closeable {

    private static final int PROBE_BYTES = 4096;

    private final Path path;
    private final FileChannel channel;
    private final FileIdentity identity;
    private long size;
    private boolean cutBackDue;

    private JournalFile(Path path, FileChannel channel, FileIdentity identity, long size) {
        this.path = path;
        this.channel = channel;
        this.identity = identity;
        this.size = size;
    }

    /** Opens the file, or makes it. */
    static JournalFile open(Path path, ChannelOpener files) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is no regular file");
        }
        FileChannel channel =
                files.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new JournalFile(path, channel, FileIdentity.of(path), channel.size());
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Whether its name still leads to it. */
    boolean isInPlace() {
        return identity.isAt(path);
    }

    /** Bytes in whole lines. */
    long size() {
        return size;
    }

    /** To read from. */
    FileChannel channel() {
        return channel;
    }

    /** Writes all the lines or none. */
    void append(ByteBuffer lines) throws IOException {
        int length = lines.remaining();
        write(lines);
        size += length;
    }

    /** Finds out whether there is room, and leaves nothing behind. */
    void probe() throws IOException {
        byte[] spaces = new byte[PROBE_BYTES];
        Arrays.fill(spaces, (byte) ' ');
        write(ByteBuffer.wrap(spaces));
        cutBackTo(size);
    }

    void cutBackTo(long whole) throws IOException {
        size = whole;
        cutBackDue = true;
        finishCutBack();
    }

    void finishCutBack() throws IOException {
        if (cutBackDue) {
            channel.truncate(size);
            cutBackDue = false;
        }
    }

    /** A last line that is whole but for its end, as an editor may leave it, gets that. */
    void endLastLine() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
            append(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(ByteBuffer bytes) throws IOException {
        long at = size;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failure) {
            try {
                cutBackTo(size);
            } catch (IOException again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }
}
