package io.observer.log;

import io.observer.log.SegmentIndex.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a directory holds after a server that stopped cleanly, was killed, or died with its machine, and leaves
 * it so that it can be written on. One use.
 */
final class LogOpener {

    private static final Logger log = LoggerFactory.getLogger(LogOpener.class);

    private final Path directory;
    private final ChannelOpener files;
    private final SegmentIndexes indexes;

    private final List<Segment> segments = new ArrayList<>();
    private final FoundJobs jobs;
    private long lastId;
    private long ranSeconds;
    private long holesThrough;
    private long damagedLines;
    private boolean endIsDamaged;
    private @Nullable String fault;

    /** @param maxJobs most jobs that are told of */
    LogOpener(Path directory, ChannelOpener files, SegmentIndexes indexes, int maxJobs) {
        this.directory = directory;
        this.files = files;
        this.indexes = indexes;
        this.jobs = new FoundJobs(maxJobs);
    }

    /** @param newEpoch names a life of the log; asked only when there is no past */
    OpenedLog open(Supplier<String> newEpoch) throws IOException {
        LogIdentity found = LogIdentity.load(directory);
        SegmentIndexFile.deleteOrphans(directory);
        List<Path> paths = paths();
        String epoch = epochOf(found, paths, newEpoch);
        paths.removeIf(path -> isForeign(path, epoch));
        @Nullable LogIdentity past = found != null && found.epoch().equals(epoch) ? found : null;
        ranSeconds = past == null ? 0 : past.ranSeconds();
        holesThrough = past == null ? 0 : past.holesThrough();
        for (Path path : paths.subList(0, Math.max(0, paths.size() - 1))) {
            open(path, false);
        }
        @Nullable SegmentIndex activeIndex = paths.isEmpty() ? null : open(paths.get(paths.size() - 1), true);
        boolean skipped = !paths.isEmpty() && skipIdsThatMayBeGiven(past);
        long reserved = past == null ? lastId : Math.max(lastId, past.reservedId());
        LogIdentity identity = saved(
                new LogIdentity(epoch, reserved, ranSeconds, holesThrough, LogIdentity.currentBoot(), false),
                activeIndex != null);
        if (activeIndex != null && skipped) {
            endNewest(activeIndex);
        }
        if (activeIndex == null || skipped) {
            // Last, so that a segment is never found without the identity of its log.
            segments.add(Segment.open(Segment.path(directory, epoch, lastId + 1), files));
            PrivateDirectory.flush(directory);
            activeIndex = new SegmentIndex(lastId + 1);
        }
        return new OpenedLog(identity, segments, activeIndex, lastId, jobs.newest(), damagedLines, fault);
    }

    /**
     * A log that has events is opened even if nothing can be stored, so that they can be read. No id is set aside then, so
     * that the first append stores the identity before anything else.
     */
    private LogIdentity saved(LogIdentity identity, boolean hasEvents) throws IOException {
        try {
            identity.save(directory, files);
            return identity;
        } catch (IOException failure) {
            if (!hasEvents) {
                throw failure;
            }
            fault = "events cannot be stored: " + failure.getMessage();
            log.error("Nothing can be stored; the log is opened for reading until it can. last_id={}", lastId, failure);
            return new LogIdentity(
                    identity.epoch(), lastId, identity.ranSeconds(), identity.holesThrough(), identity.boot(), false);
        }
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            // The ids in the names have one length, so the order of names within an epoch is that of ids.
            return new ArrayList<>(
                    all.filter(path -> Segment.epochOf(path) != null).sorted().toList());
        }
    }

    /** The epoch lives as long as any of its events might: the identity's, else that of the newest file, else a new one. */
    private static String epochOf(@Nullable LogIdentity found, List<Path> paths, Supplier<String> newEpoch) {
        if (paths.isEmpty()) {
            return newEpoch.get();
        }
        if (found != null && paths.stream().anyMatch(path -> found.epoch().equals(Segment.epochOf(path)))) {
            return found.epoch();
        }
        return Objects.requireNonNull(Segment.epochOf(paths.get(paths.size() - 1)));
    }

    private static boolean isForeign(Path path, String epoch) {
        boolean foreign = !epoch.equals(Segment.epochOf(path));
        if (foreign) {
            log.warn("A segment of another epoch is left alone. file={} epoch={}", path, epoch);
        }
        return foreign;
    }

    private SegmentIndex open(Path path, boolean newest) throws IOException {
        Segment segment = Segment.open(path, files);
        SegmentIndexFile.Stored stored = SegmentIndexFile.load(path, segment.size());
        SegmentIndex index = stored != null ? stored.index() : recover(segment, newest);
        Columns rows = index.columns();
        long newestId = rows.count() == 0 ? segment.baseId() - 1 : index.id(rows, rows.count() - 1);
        noteHoles(segment, index, rows, newestId);
        lastId = Math.max(lastId, newestId);
        // Nothing tells when the events of a segment without an index were written; they count as written now.
        ranSeconds = Math.max(ranSeconds, stored == null ? 0 : stored.age());
        segment.holdsThrough(newestId, stored == null ? ranSeconds : stored.age());
        index.traces().list().forEach(jobs::add);
        damagedLines += index.damagedLines();
        segments.add(segment);
        if (!newest) {
            indexes.put(segment, index);
            if (stored == null) {
                SegmentIndexes.save(segment, index);
            }
        }
        return index;
    }

    /** What follows goes into a segment of its own. */
    private void endNewest(SegmentIndex index) throws IOException {
        Segment newest = segments.get(segments.size() - 1);
        if (newest.size() == 0) {
            // It may have the name of the next.
            segments.remove(newest);
            newest.delete();
        } else {
            SegmentIndexes.save(newest, index);
            indexes.put(newest, index);
        }
    }

    private SegmentIndex recover(Segment segment, boolean newest) throws IOException {
        SegmentRecovery.Recovered recovered =
                newest ? SegmentRecovery.repair(segment, lastId) : SegmentRecovery.read(segment, lastId);
        endIsDamaged = newest && recovered.endIsDamaged();
        return recovered.index();
    }

    private void noteHoles(Segment segment, SegmentIndex index, Columns rows, long newestId) {
        boolean follows = segments.isEmpty() || segment.baseId() == lastId + 1;
        boolean dense = rows.count() == newestId - segment.baseId() + 1;
        if (!dense) {
            holesThrough = Math.max(holesThrough, newestId);
        } else if (!follows) {
            holesThrough = Math.max(holesThrough, segment.baseId() - 1);
        }
    }

    /**
     * A machine that went down may have forgotten events whose ids were given already, a damaged end may have been some,
     * and after a clean stop it is known how many there were. Those ids are left out, so that no cursor ever stands for
     * two events, and a segment of its own begins behind them.
     *
     * @return whether it was so
     */
    private boolean skipIdsThatMayBeGiven(@Nullable LogIdentity found) {
        boolean lost = found == null
                || endIsDamaged
                || found.mayHaveLostUnflushed()
                || (found.clean() && found.reservedId() > lastId);
        if (!lost) {
            return false;
        }
        long resumed = found == null ? lastId + SegmentStore.RESERVE : Math.max(lastId, found.reservedId());
        log.warn(
                "The newest events may be lost, with the machine or in a damaged file; ids go on higher. last_id={} next_id={}",
                lastId,
                resumed + 1);
        lastId = resumed;
        holesThrough = resumed;
        return true;
    }
}
