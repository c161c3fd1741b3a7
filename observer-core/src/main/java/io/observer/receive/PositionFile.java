package io.observer.receive;

import io.observer.event.Cursor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over a restart how far the events of a source were taken: {@code k3f9x2-41 1041}. Always one short write in
 * place, which a kill cannot tear. For one thread.
 */
final class PositionFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PositionFile.class);

    /** Longer than any cursor and id, so that what is written always covers what was there. */
    private static final int LENGTH = 96;

    /** Of a source that has no positions. */
    private static final String NONE = "-";

    /**
     * How far it was.
     *
     * @param taken the log has everything up to here
     * @param through the log may have what follows up to this id
     */
    record Mark(Cursor taken, long through) {}

    private final Path path;
    /** Not a channel, which an interrupt would close. */
    private @Nullable RandomAccessFile file;

    private boolean failed;

    PositionFile(Path path) {
        this.path = path;
    }

    /** Whether a source was listened to before. */
    boolean isThere() {
        return Files.exists(path);
    }

    /** What was written last, or null if there is nothing or it cannot be read. */
    @Nullable
    Mark read() {
        try {
            String[] words =
                    Files.readString(path, StandardCharsets.US_ASCII).strip().split(" ", 2);
            Cursor taken = Cursor.parse(words[0]);
            return taken == null || words.length < 2 ? null : new Mark(taken, Long.parseLong(words[1]));
        } catch (IOException | NumberFormatException unreadable) {
            return null;
        }
    }

    void write(Cursor taken, long through) {
        write(taken + " " + through);
    }

    /** Remembers that there was a source, though it has no positions. */
    void mark() {
        write(NONE);
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException closed) {
            // Closed all the same.
        }
        file = null;
    }

    private void write(String text) {
        byte[] line = new byte[LENGTH];
        Arrays.fill(line, (byte) ' ');
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(words, 0, line, 0, words.length);
        line[LENGTH - 1] = '\n';
        try {
            RandomAccessFile opened = opened();
            opened.seek(0);
            opened.write(line);
            failed = false;
        } catch (IOException refused) {
            if (!failed) {
                failed = true;
                log.warn(
                        "How far the source was taken cannot be remembered; after a restart events may come twice. path={}",
                        path,
                        refused);
            }
        }
    }

    private RandomAccessFile opened() throws IOException {
        RandomAccessFile open = file;
        if (open == null) {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            open = new RandomAccessFile(path.toFile(), "rw");
            file = open;
        }
        return open;
    }
}
