package io.observer.operation;

import io.observer.log.ChannelOpener;
import io.observer.log.PrivateDirectory;
import io.observer.operation.JournalLines.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations on disk, one a line. A batch is one write of whole lines; when that fails, the file is cut back to its last
 * whole line before anything else is written. Used by one thread at a time; only {@link #fault} may be asked by any.
 */
final class OperationJournal {

    private static final Logger log = LoggerFactory.getLogger(OperationJournal.class);

    private static final int PROBE_BYTES = 4096;

    private final JournalFiles names;
    private final long maxBytes;
    private final int kept;
    private final ChannelOpener files;
    private final JournalLock lock;
    private final JournalTotals found;

    private long generation;
    private long totalsGeneration;
    private @Nullable FileChannel active;
    private long wholeSize;
    private boolean cutBackDue;
    private volatile @Nullable String fault;

    private OperationJournal(
            JournalFiles names,
            long maxBytes,
            int kept,
            ChannelOpener files,
            JournalLock lock,
            JournalTotals found,
            long generation) {
        this.names = names;
        this.maxBytes = maxBytes;
        this.kept = kept;
        this.files = files;
        this.lock = lock;
        this.found = found;
        this.generation = generation;
        this.totalsGeneration = found.generation();
    }

    /**
     * Opens the journal in {@code file} and holds it until closed. Blocks; call it while starting.
     *
     * @param maxBytes how large a generation grows
     * @param kept how many earlier generations stay
     * @throws JournalOpenException if it is in use or cannot be used
     */
    static OperationJournal open(Path file, long maxBytes, int kept, ChannelOpener files) {
        try {
            JournalFiles names = new JournalFiles(file);
            PrivateDirectory.make(names.directory());
            JournalLock lock = JournalLock.take(names.lock());
            try {
                List<Long> earlier = names.earlier();
                long oldest = earlier.isEmpty() ? 1 : earlier.get(0);
                long next = earlier.isEmpty() ? 1 : earlier.get(earlier.size() - 1) + 1;
                JournalTotals stored = JournalTotals.load(names.totals());
                JournalTotals found = stored == null ? new JournalTotals(oldest, OperationTotals.NONE) : stored;
                long generation = Math.max(next, found.generation());
                OperationJournal journal = new OperationJournal(names, maxBytes, kept, files, lock, found, generation);
                journal.openActive();
                return journal;
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new JournalOpenException(
                    "the journal " + file + " cannot be opened: " + reason(failure)
                            + "; it must be a file that this user may write to, and that no other server uses",
                    failure);
        }
    }

    /** What there was before the operations that {@link #replay} gives as not counted. */
    OperationTotals totalsFound() {
        return found.before();
    }

    /** Gives the operations of all generations that are kept, and ends the newest with a whole line. */
    void replay(OperationJson json, JournalReplay.Sink sink) {
        try {
            for (long earlier : names.earlier()) {
                Path file = names.earlier(earlier);
                try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
                    new JournalReplay(file, json, earlier < found.generation(), sink).read(channel);
                }
            }
            FileChannel channel = opened();
            Line torn = new JournalReplay(names.active(), json, false, sink).read(channel);
            if (torn == null) {
                endLastLine(channel);
            } else {
                log.warn(
                        "The last line was torn and is cut off. file={} line={} bytes={}",
                        names.active(),
                        torn.number(),
                        wholeSize - torn.offset());
                wholeSize = torn.offset();
                cutBackDue = true;
                finishCutBack();
            }
            removeOld();
        } catch (IOException failure) {
            throw new JournalOpenException(
                    "the journal " + names.active() + " cannot be read: " + reason(failure), failure);
        }
    }

    /**
     * Writes the operations, all or none.
     *
     * @param before all that there were before them; asked only when a generation begins
     * @throws OperationRefusedException if they could not be written
     */
    void append(List<ObservedOp> batch, Supplier<OperationTotals> before) {
        try {
            ByteBuffer lines = linesOf(batch);
            finishCutBack();
            if (wholeSize > 0 && wholeSize + lines.remaining() > maxBytes) {
                moveAway();
            }
            begin(before);
            int length = lines.remaining();
            write(lines);
            wholeSize += length;
            fault = null;
        } catch (IOException failure) {
            throw new OperationRefusedException(OperationRefusedException.Reason.STORAGE, failed(failure), failure);
        }
    }

    /** Why nothing can be written right now, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Finds out whether a disk that failed takes data again, so that the journal heals while nobody records. */
    void tend(Supplier<OperationTotals> totals) {
        if (fault == null) {
            return;
        }
        try {
            finishCutBack();
            begin(totals);
            byte[] spaces = new byte[PROBE_BYTES];
            Arrays.fill(spaces, (byte) ' ');
            write(ByteBuffer.wrap(spaces));
            cutBackDue = true;
            finishCutBack();
            fault = null;
            log.info("Operations can be recorded again. file={}", names.active());
        } catch (IOException failure) {
            failed(failure);
        }
    }

    /** Leaves everything on the disk; nothing is written afterwards. */
    void close() {
        FileChannel channel = active;
        try (lock;
                channel) {
            finishCutBack();
            if (channel != null) {
                channel.force(true);
            }
        } catch (IOException failure) {
            log.warn("The journal could not be closed cleanly. file={}", names.active(), failure);
        }
        active = null;
    }

    /** Ends the generation. What is left to do for the next is done by {@link #begin}, as often as it takes. */
    private void moveAway() throws IOException {
        FileChannel full = opened();
        full.force(true);
        Files.move(names.active(), names.earlier(generation), StandardCopyOption.ATOMIC_MOVE);
        generation++;
        active = null;
        wholeSize = 0;
        full.close();
    }

    private void begin(Supplier<OperationTotals> before) throws IOException {
        if (totalsGeneration < generation && wholeSize == 0) {
            new JournalTotals(generation, before.get()).save(names.totals(), files);
            totalsGeneration = generation;
            removeOld();
        }
        if (active == null) {
            openActive();
        }
    }

    /** Whatever is not in the totals yet stays. */
    private void removeOld() {
        try {
            for (long earlier : names.earlier()) {
                if (earlier < Math.min(generation - kept, totalsGeneration)) {
                    Files.deleteIfExists(names.earlier(earlier));
                }
            }
        } catch (IOException failure) {
            log.warn("An old journal could not be removed and is tried again. file={}", names.active(), failure);
        }
    }

    private void openActive() throws IOException {
        if (Files.exists(names.active()) && !Files.isRegularFile(names.active())) {
            throw new IOException("it is no regular file");
        }
        FileChannel channel = files.open(
                names.active(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        wholeSize = channel.size();
        active = channel;
    }

    private void write(ByteBuffer bytes) throws IOException {
        FileChannel channel = opened();
        long at = wholeSize;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failure) {
            cutBackDue = true;
            try {
                finishCutBack();
            } catch (IOException again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    private void finishCutBack() throws IOException {
        if (cutBackDue) {
            opened().truncate(wholeSize);
            cutBackDue = false;
        }
    }

    /** A last line that is whole but for its end, as an editor may leave it, gets that. */
    private void endLastLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (wholeSize > 0 && channel.read(last, wholeSize - 1) == 1 && last.get(0) != '\n') {
            write(ByteBuffer.wrap(new byte[] {'\n'}));
            wholeSize++;
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel channel = active;
        if (channel == null) {
            throw new IOException("it is closed");
        }
        return channel;
    }

    private String failed(IOException failure) {
        String reason = "operations cannot be recorded: " + reason(failure);
        if (fault == null) {
            log.error("No operation can be recorded; all are refused until it can. file={}", names.active(), failure);
        }
        fault = reason;
        return reason;
    }

    private static String reason(IOException failure) {
        boolean named = failure instanceof FileSystemException system && system.getReason() != null;
        return named ? ((FileSystemException) failure).getReason() : String.valueOf(failure.getMessage());
    }

    private static ByteBuffer linesOf(List<ObservedOp> batch) {
        ByteBuffer lines = ByteBuffer.allocate(
                batch.stream().mapToInt(op -> op.json().length + 1).sum());
        batch.forEach(op -> lines.put(op.json()).put((byte) '\n'));
        return lines.flip();
    }
}
