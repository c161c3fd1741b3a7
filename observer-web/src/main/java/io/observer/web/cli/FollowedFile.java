package io.observer.web.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows, as input without an end. When another file takes its name, the rest of the old one is read first,
 * then the new one from its start; when it is cut, it is read from its start again. A line that was never ended is ended
 * there.
 */
final class FollowedFile extends InputStream {

    private final Path file;
    private final Duration pause;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private boolean inLine;
    private boolean replaced;

    /** @param pause how long to wait before looking again */
    FollowedFile(Path file, Duration pause) {
        this.file = file;
        this.pause = pause;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        while (true) {
            FileChannel open = channel;
            int count = open == null ? 0 : open.read(ByteBuffer.wrap(bytes, from, length));
            if (count > 0) {
                inLine = bytes[from + count - 1] != '\n';
                return count;
            }
            if (startsAnew(open) && inLine) {
                inLine = false;
                bytes[from] = '\n';
                return 1;
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** At the end of what there is: waits, or goes to the start of the file or of the one that took its place. */
    private boolean startsAnew(@Nullable FileChannel open) throws IOException {
        if (open == null) {
            return open();
        }
        if (open.size() < open.position()) {
            open.position(0);
            return true;
        }
        if (replaced) {
            open.close();
            channel = null;
            return open();
        }
        // Whoever writes may need a moment to notice the new file.
        replaced = isReplaced();
        await();
        return false;
    }

    private boolean open() throws IOException {
        replaced = false;
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a directory");
        }
        Object found = keyNow();
        if (found == null && !Files.exists(file)) {
            await();
            return false;
        }
        channel = FileChannel.open(file, StandardOpenOption.READ);
        key = found;
        return true;
    }

    private boolean isReplaced() throws IOException {
        return Files.exists(file) && !Objects.equals(key, keyNow());
    }

    /** Which file has the name now; null if none. */
    private @Nullable Object keyNow() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private void await() throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
