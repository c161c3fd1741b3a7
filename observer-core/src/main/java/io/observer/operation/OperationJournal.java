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

    /** Takes operations of an earlier run in the order in which they were recorded. */
    @FunctionalInterface
    interface Sink {

        /**
         * @param counted whether the totals that the journal began with have it already
         * @param followed whether the clusters that it began with have it already
         */
        void take(ObservedOp op, boolean counted, boolean followed);
    }

    /** What all operations so far add up to. */
    record Sum(OperationTotals totals, ClusterMemory clusters) {}

    private static final Logger log = LoggerFactory.getLogger(OperationJournal.class);

    private final JournalFiles names;
    private final long maxBytes;
    private final JournalGenerations generations;
    private final ChannelOpener files;
    private final JournalLock lock;

    private JournalCheckpoint checkpoint;
    private long sinceCheckpoint;
    private long generation;
    private @Nullable JournalFile active;
    private long activeOperations;
    private boolean closed;
    private volatile @Nullable String fault;

    private OperationJournal(
            JournalFiles names,
            long maxBytes,
            JournalGenerations generations,
            ChannelOpener files,
            JournalLock lock,
            JournalCheckpoint found,
            long generation) {
        this.names = names;
        this.maxBytes = maxBytes;
        this.generations = generations;
        this.files = files;
        this.lock = lock;
        this.checkpoint = found;
        this.generation = generation;
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
                JournalCheckpoint stored = JournalCheckpoint.load(names.totals());
                JournalCheckpoint found =
                        stored == null ? new JournalCheckpoint(oldest, OperationTotals.NONE, 0, null) : stored;
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
        return checkpoint.before();
    }

    /** What was known of clusters before the operations that {@link #replay} gives as not followed. */
    ClusterMemory clustersFound() {
        ClusterMemory clusters = checkpoint.clusters();
        return clusters == null ? ClusterMemory.NONE : clusters;
    }

    /** Gives the operations of all generations that are kept, and ends the newest with a whole line. */
    void replay(OperationJson json, Sink sink) {
        try {
            for (long earlier : names.earlier()) {
                Path file = names.earlier(earlier);
                boolean counted = earlier < checkpoint.generation();
                JournalReplay replay = new JournalReplay(file, json, op -> give(op, counted, sink));
                try (FileChannel channel = files.open(file, StandardOpenOption.READ)) {
                    replay.read(channel);
                    generations.add(new Earlier(earlier, replay.operations(), channel.size()));
                }
            }
            JournalFile file = opened();
            JournalReplay replay = new JournalReplay(names.active(), json, op -> give(op, false, sink));
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
            forgetWhatIsGone();
            removeOld();
        } catch (IOException failure) {
            throw new JournalOpenException(
                    "the journal " + names.active() + " cannot be read: " + JournalReasons.of(failure), failure);
        }
    }

    /**
     * Writes the operations, all or none.
     *
     * @param before the sum of all before them; asked only when a generation begins
     * @throws OperationRefusedException if they could not be written
     */
    void append(List<ObservedOp> batch, Supplier<Sum> before) {
        try {
            ByteBuffer lines = linesOf(batch);
            leaveIfNotInPlace();
            leaveIfFullWith(lines.remaining());
            begin(before).append(lines);
            activeOperations += batch.size();
            sinceCheckpoint += batch.size();
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
    void tend(Supplier<Sum> sum) {
        try {
            leaveIfNotInPlace();
            JournalFile file = begin(sum);
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

    /** Stores the clusters of all operations so far, so that the next run tells no end again that was told. */
    void remember(ClusterMemory clusters) {
        try {
            if (!closed) {
                save(checkpoint.with(sinceCheckpoint, clusters));
            }
        } catch (IOException failure) {
            log.warn(
                    "The clusters could not be stored; a restart tells again that some have ended. file={} reason={}",
                    names.totals(),
                    JournalReasons.of(failure));
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
        closed = true;
    }

    private void give(ObservedOp op, boolean counted, Sink sink) {
        boolean followed = checkpoint.clusters() != null && (counted || sinceCheckpoint < checkpoint.followed());
        sinceCheckpoint += counted ? 0 : 1;
        sink.take(op, counted, followed);
    }

    /** Operations that were followed and are no longer there must not stand for those that come now. */
    private void forgetWhatIsGone() {
        if (sinceCheckpoint < checkpoint.followed()) {
            remember(clustersFound());
        }
    }

    private void save(JournalCheckpoint next) throws IOException {
        next.save(names.totals(), files);
        checkpoint = next;
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

    private JournalFile begin(Supplier<Sum> before) throws IOException {
        boolean begun = active != null && active.size() > 0;
        if (checkpoint.generation() < generation && !begun) {
            Sum sum = before.get();
            save(new JournalCheckpoint(generation, sum.totals(), 0, sum.clusters()));
            sinceCheckpoint = 0;
            removeOld();
        }
        return opened();
    }

    /** Whatever is not in the totals yet stays. */
    private void removeOld() {
        try {
            for (Earlier old : generations.unneeded(activeOperations)) {
                if (old.number() < checkpoint.generation()) {
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
