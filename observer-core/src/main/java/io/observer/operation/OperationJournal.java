package io.observer.operation;

import io.observer.log.ChannelOpener;
import io.observer.log.PrivateDirectory;
import io.observer.operation.JournalGenerations.Earlier;
import io.observer.operation.JournalLines.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations on disk, one a line, in generations. A batch is one write of whole lines. A generation whose file somebody
 * moves, removes or replaces has ended, and the next begins. Used by one thread at a time; only {@link #fault} may be
 * asked by any.
 */
final class OperationJournal {

    private static final Logger log = LoggerFactory.getLogger(OperationJournal.class);

    private final JournalFiles names;
    private final long maxBytes;
    private final JournalGenerations generations;
    private final ChannelOpener files;
    private final JournalLock lock;
    private final JournalTotals found;

    private long generation;
    private long totalsGeneration;
    private @Nullable JournalFile active;
    private long activeOperations;
    private volatile @Nullable String fault;

    private OperationJournal(
            JournalFiles names,
            long maxBytes,
            JournalGenerations generations,
            ChannelOpener files,
            JournalLock lock,
            JournalTotals found,
            long generation) {
        this.names = names;
        this.maxBytes = maxBytes;
        this.generations = generations;
        this.files = files;
        this.lock = lock;
        this.found = found;
        this.generation = generation;
        this.totalsGeneration = found.generation();
    }

    /**
     * Opens the journal in {@code file} and holds it until closed. Blocks; call it while starting.
     *
     * @throws JournalOpenException if it is in use or cannot be used
     */
    static OperationJournal open(Path file, OperationSettings settings, ChannelOpener files) {
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
                OperationJournal journal = new OperationJournal(
                        names,
                        settings.journalBytes(),
                        new JournalGenerations(settings.keptJournals(), settings.ringSize()),
                        files,
                        lock,
                        found,
                        generation);
                journal.opened();
                return journal;
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new JournalOpenException(
                    "the journal " + file + " cannot be opened: " + JournalReasons.of(failure)
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
                JournalReplay replay = new JournalReplay(file, json, earlier < found.generation(), sink);
                try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
                    replay.read(channel);
                    generations.add(new Earlier(earlier, replay.operations(), channel.size()));
                }
            }
            JournalFile file = opened();
            JournalReplay replay = new JournalReplay(names.active(), json, false, sink);
            Line torn = replay.read(file.channel());
            activeOperations = replay.operations();
            if (torn == null) {
                file.endLastLine();
            } else {
                log.warn(
                        "The last line was torn and is cut off. file={} line={} bytes={}",
                        names.active(),
                        torn.number(),
                        file.size() - torn.offset());
                file.cutBackTo(torn.offset());
            }
            removeOld();
        } catch (IOException failure) {
            throw new JournalOpenException(
                    "the journal " + names.active() + " cannot be read: " + JournalReasons.of(failure), failure);
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
            leaveIfNotInPlace();
            leaveIfFullWith(lines.remaining());
            begin(before).append(lines);
            activeOperations += batch.size();
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

    /**
     * Looks after the journal while nobody records: a file that is gone is begun anew, and a disk that failed is asked
     * whether it takes data again.
     */
    void tend(Supplier<OperationTotals> totals) {
        try {
            leaveIfNotInPlace();
            JournalFile file = begin(totals);
            if (fault != null) {
                file.finishCutBack();
                file.probe();
                fault = null;
                log.info("Operations can be recorded again. file={}", names.active());
            }
        } catch (IOException failure) {
            failed(failure);
        }
    }

    /** Leaves everything on the disk; nothing is written afterwards. */
    void close() {
        JournalFile file = active;
        try (lock;
                file) {
            if (file != null) {
                file.finishCutBack();
                file.force();
            }
        } catch (IOException failure) {
            log.warn("The journal could not be closed cleanly. file={}", names.active(), failure);
        }
        active = null;
    }

    private void leaveIfNotInPlace() throws IOException {
        JournalFile file = active;
        if (file != null && !file.isInPlace()) {
            leave(file, 0);
            log.warn(
                    "The journal was moved, removed or replaced by somebody else; the next generation begins."
                            + " file={} generation={}",
                    names.active(),
                    generation);
        }
    }

    private void leaveIfFullWith(int more) throws IOException {
        JournalFile file = active;
        if (file != null) {
            file.finishCutBack();
            if (file.size() > 0 && file.size() + more > maxBytes) {
                file.force();
                leave(file, activeOperations);
            }
        }
    }

    /**
     * Ends the generation. What is left to do for the next is done by {@link #begin}, as often as it takes.
     *
     * @param operations how many are certainly in what is at its name now
     */
    private void leave(JournalFile file, long operations) throws IOException {
        List<Long> earlier = names.earlier();
        long free = earlier.isEmpty() ? generation : Math.max(generation, earlier.get(earlier.size() - 1) + 1);
        if (Files.exists(names.active()) && !Files.isRegularFile(names.active())) {
            throw new IOException("the journal is no regular file");
        }
        try {
            Files.move(names.active(), names.earlier(free), StandardCopyOption.ATOMIC_MOVE);
            generations.add(new Earlier(free, operations, Files.size(names.earlier(free))));
        } catch (NoSuchFileException gone) {
            // Then its name is free, which is all that the next needs.
        }
        generation = free + 1;
        active = null;
        activeOperations = 0;
        file.close();
    }

    private JournalFile begin(Supplier<OperationTotals> before) throws IOException {
        boolean begun = active != null && active.size() > 0;
        if (totalsGeneration < generation && !begun) {
            new JournalTotals(generation, before.get()).save(names.totals(), files);
            totalsGeneration = generation;
            removeOld();
        }
        return opened();
    }

    /** Whatever is not in the totals yet stays. */
    private void removeOld() {
        try {
            for (Earlier old : generations.unneeded(activeOperations)) {
                if (old.number() < totalsGeneration) {
                    Files.deleteIfExists(names.earlier(old.number()));
                    generations.remove(old);
                }
            }
        } catch (IOException failure) {
            log.warn("An old journal could not be removed and is tried again. file={}", names.active(), failure);
        }
    }

    private JournalFile opened() throws IOException {
        JournalFile file = active;
        if (file == null) {
            file = JournalFile.open(names.active(), files);
            active = file;
        }
        return file;
    }

    private String failed(IOException failure) {
        String reason = "operations cannot be recorded: " + JournalReasons.of(failure);
        if (fault == null) {
            log.error("No operation can be recorded; all are refused until it can. file={}", names.active(), failure);
        }
        fault = reason;
        return reason;
    }

    private static ByteBuffer linesOf(List<ObservedOp> batch) {
        ByteBuffer lines = ByteBuffer.allocate(
                batch.stream().mapToInt(op -> op.json().length + 1).sum());
        batch.forEach(op -> lines.put(op.json()).put((byte) '\n'));
        return lines.flip();
    }
}
