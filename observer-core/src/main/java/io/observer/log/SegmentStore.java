package io.observer.log;

import io.observer.event.EventFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a log: appends to the newest, begins the next, removes the oldest. Everything that changes something
 * runs on the writer's thread; what only tells may be asked from any.
 */
final class SegmentStore implements LogWriter.Store {

    private static final Logger log = LoggerFactory.getLogger(SegmentStore.class);

    /** Ids set aside at a time, so that none is given twice even if the machine forgets what was not flushed. */
    static final long RESERVE = 1_000_000;

    /** How often the log's age is stored. */
    private static final long AGE_SAVED_EVERY_SECONDS = 60;

    /** A segment covers this part of the time to live at most, so that its oldest event does not stay much too long. */
    private static final long SEGMENTS_IN_TTL = 8;

    private static final int PROBE_BYTES = 4096;

    private record Active(Segment segment, SegmentIndex index, long since) {}

    private final FileLogSettings settings;
    private final ChannelOpener files;
    private final SegmentIndexes indexes;
    private final LogAge age;
    private final LineBuffer lines = new LineBuffer();

    private volatile List<Segment> segments;
    private volatile Active active;
    private volatile long lastId;
    private final long holesThrough;
    private volatile @Nullable String fault;

    /** Rolled, and perhaps with the kernel only. */
    private final Set<Segment> unflushed = new HashSet<>();
    /** No part of the log any more, but their files are still there. */
    private final List<Segment> toDelete = new ArrayList<>();

    private LogIdentity identity;
    private long wholeSize;
    private boolean cutBackDue;
    private boolean flushDue;
    private boolean rollDue;
    private boolean deletionFails;
    private boolean closed;

    SegmentStore(FileLogSettings settings, ChannelOpener files, SegmentIndexes indexes, LogAge age, OpenedLog opened) {
        this.settings = settings;
        this.files = files;
        this.indexes = indexes;
        this.age = age;
        this.identity = opened.identity();
        this.segments = List.copyOf(opened.segments());
        Segment newest = segments.get(segments.size() - 1);
        this.active = new Active(newest, opened.activeIndex(), age.seconds());
        this.wholeSize = newest.size();
        this.lastId = opened.lastId();
        this.holesThrough = identity.holesThrough();
        this.fault = opened.fault();
    }

    List<Segment> segments() {
        return segments;
    }

    LogBounds bounds() {
        long last = lastId;
        return new LogBounds(Math.min(segments.get(0).baseId(), last + 1), last);
    }

    /** Why nothing can be stored right now, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    SegmentIndex indexOf(Segment segment) throws IOException {
        Active now = active;
        return segment == now.segment() ? now.index() : indexes.of(segment);
    }

    /** What a reader after {@code after} can no longer have when {@code firstId} is the first retained id. */
    @Nullable
    Gap evicted(long after, long firstId, EventFilter filter) {
        if (after + 1 >= firstId) {
            return null;
        }
        boolean countable = filter.passesAll() && after >= holesThrough;
        return new Gap(Gap.Reason.EVICTED, after + 1, firstId - 1, countable ? firstId - 1 - after : null);
    }

    @Override
    public void store(Batch batch) {
        if (closed) {
            throw new LogClosedException();
        }
        try {
            finishCutBack();
            ByteBuffer lines = this.lines.of(batch);
            prepare(batch, lines.remaining());
            write(lines);
        } catch (IOException failure) {
            throw new LogStorageException(failed(failure), failure);
        }
        Active now = active;
        now.index().add(batch, wholeSize);
        wholeSize = now.segment().size();
        lastId = batch.lastId();
        now.segment().holdsThrough(lastId, age.seconds());
        fault = null;
        removeOld();
    }

    /** What has to be done now and then; each second. */
    void tend() {
        if (closed) {
            return;
        }
        // First, since what goes may be what the disk is full of.
        removeOld();
        try {
            if (fault != null) {
                probe();
            }
            if (rollDue) {
                roll(lastId + 1);
            }
            if (settings.durability() == Durability.INTERVAL) {
                flush();
            }
            if (age.seconds() - identity.ranSeconds() >= AGE_SAVED_EVERY_SECONDS) {
                saveIdentity(identity.reservedId(), false);
            }
        } catch (IOException failure) {
            failed(failure);
        }
    }

    /** Flushes, leaves an index beside every segment and says that all is there. Nothing is stored afterwards. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            finishCutBack();
            for (Segment segment : unflushed) {
                segment.flush();
            }
            active.segment().flush();
            SegmentIndexes.save(active.segment(), active.index());
            // Exactly what was given: whoever finds less at the next start knows that something was lost.
            saveIdentity(lastId, true);
        } catch (IOException failure) {
            log.warn("The log could not be closed cleanly; the next start checks its newest segment", failure);
        }
        segments.forEach(SegmentStore::close);
    }

    /** Begins a new segment if it is time, and makes sure that no id of the batch could be given again. */
    private void prepare(Batch batch, int bytes) throws IOException {
        Active now = active;
        boolean full = wholeSize > 0
                && (wholeSize + bytes > settings.segmentBytes() || now.index().isFull());
        boolean old =
                wholeSize > 0 && age.seconds() - now.since() > settings.ttl().toSeconds() / SEGMENTS_IN_TTL;
        if (rollDue || full || old) {
            roll(batch.events().get(0).id());
        }
        if (batch.lastId() > identity.reservedId()) {
            saveIdentity(batch.lastId() + RESERVE, false);
        }
    }

    private void write(ByteBuffer lines) throws IOException {
        Segment segment = active.segment();
        try {
            segment.append(lines);
            flushDue = true;
            if (settings.durability() == Durability.ALWAYS) {
                flush();
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

    private void flush() throws IOException {
        if (!flushDue) {
            return;
        }
        try {
            active.segment().flush();
            flushDue = false;
        } catch (IOException failure) {
            // The kernel may now take the pages for clean, so no later flush of this file proves anything.
            rollDue = true;
            throw failure;
        }
    }

    /** Until the file ends with its last whole line again, nothing is written after it. */
    private void finishCutBack() throws IOException {
        if (cutBackDue) {
            active.segment().cutBack(wholeSize);
            cutBackDue = false;
        }
    }

    private void roll(long nextId) throws IOException {
        finishCutBack();
        Segment old = active.segment();
        List<Segment> list = new ArrayList<>(segments);
        if (wholeSize == 0) {
            // An empty segment may have the name of the next.
            list.remove(old);
            old.delete();
        } else {
            if (settings.durability() == Durability.PROCESS) {
                unflushed.add(old);
            } else if (!rollDue) {
                flush();
            }
            SegmentIndexes.save(old, active.index());
            indexes.put(old, active.index());
        }
        Segment next = Segment.open(Segment.path(settings.directory(), identity.epoch(), nextId), files);
        if (settings.durability() != Durability.PROCESS) {
            PrivateDirectory.flush(settings.directory());
        }
        list.add(next);
        active = new Active(next, new SegmentIndex(nextId), age.seconds());
        segments = List.copyOf(list);
        wholeSize = 0;
        rollDue = false;
        flushDue = false;
    }

    private void removeOld() {
        try {
            removeOldest();
            if (wholeSize > 0 && isExpired(active.segment())) {
                roll(lastId + 1);
                removeOldest();
            }
        } catch (IOException failure) {
            if (!deletionFails) {
                log.warn("Old segments could not be removed and are tried again each second", failure);
            }
            deletionFails = true;
        }
    }

    private void removeOldest() throws IOException {
        while (segments.size() > 1 && (isExpired(segments.get(0)) || totalBytes() > settings.maxBytes())) {
            Segment oldest = segments.get(0);
            segments = segments.subList(1, segments.size()).stream().toList();
            indexes.forget(oldest);
            unflushed.remove(oldest);
            toDelete.add(oldest);
        }
        while (!toDelete.isEmpty()) {
            toDelete.get(0).delete();
            toDelete.remove(0);
            deletionFails = false;
        }
    }

    private boolean isExpired(Segment segment) {
        return age.seconds() - segment.age() > settings.ttl().toSeconds();
    }

    private long totalBytes() {
        return segments.stream().mapToLong(Segment::size).sum();
    }

    /** Finds out whether the disk takes data again, so that the log heals while nobody publishes. */
    private void probe() throws IOException {
        finishCutBack();
        Path file = settings.directory().resolve("probe");
        try (FileChannel channel = files.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } finally {
            Files.deleteIfExists(file);
        }
        fault = null;
        log.info("Events can be stored again. last_id={}", lastId);
    }

    private void saveIdentity(long reservedId, boolean clean) throws IOException {
        LogIdentity next = new LogIdentity(
                identity.epoch(), reservedId, age.seconds(), holesThrough, LogIdentity.currentBoot(), clean);
        next.save(settings.directory(), files);
        identity = next;
    }

    private String failed(IOException failure) {
        String reason = "events cannot be stored: " + failure.getMessage();
        if (fault == null) {
            log.error("Nothing can be stored; appends are refused until it can. last_id={}", lastId, failure);
        }
        fault = reason;
        return reason;
    }

    private static void close(Segment segment) {
        try {
            segment.close();
        } catch (IOException failure) {
            log.warn("A segment could not be closed. file={}", segment.file(), failure);
        }
    }
}
