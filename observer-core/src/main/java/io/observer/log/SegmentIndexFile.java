package io.observer.log;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index beside its segment, so that a start reads it instead of every event. It is only ever a shortcut: one that is
 * missing, damaged, or older than the last change of its segment is made anew.
 */
final class SegmentIndexFile {

    private static final Logger log = LoggerFactory.getLogger(SegmentIndexFile.class);

    private static final int MAGIC = 0x4F425333;

    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9]+-[0-9]{20})\\.idx(\\.new)?");

    /** @param age the log's age, in seconds, when the segment was last written */
    record Stored(SegmentIndex index, long age) {}

    private SegmentIndexFile() {}

    static Path beside(Path segment) {
        return segment.resolveSibling(segment.getFileName().toString().replace(".jsonl", ".idx"));
    }

    static void save(Path segment, long segmentSize, long age, SegmentIndex index) throws IOException {
        Path temporary = temporary(segment);
        OutputStream made = Files.newOutputStream(temporary);
        try {
            try (made) {
                write(made, segmentSize, modified(segment), age, index);
            }
            Files.move(temporary, beside(segment), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException failure) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException again) {
                failure.addSuppressed(again);
            }
            throw failure;
        }
    }

    private static void write(OutputStream made, long segmentSize, long modified, long age, SegmentIndex index)
            throws IOException {
        CRC32C checksum = new CRC32C();
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(made, checksum), 1 << 16));
        out.writeInt(MAGIC);
        out.writeLong(segmentSize);
        out.writeLong(modified);
        out.writeLong(age);
        SegmentIndexRecords.write(out, index);
        out.flush();
        out.writeLong(checksum.getValue());
        out.flush();
    }

    /** The index of a segment of this size, or null if there is none that can be trusted. */
    static @Nullable Stored load(Path segment, long segmentSize) {
        return load(segment, segmentSize, true);
    }

    /** The same for readers, {@link SegmentIndex#readOnly} from the beginning. */
    static @Nullable SegmentIndex loadReadOnly(Path segment, long segmentSize) {
        Stored stored = load(segment, segmentSize, false);
        return stored == null ? null : stored.index().readOnly();
    }

    private static @Nullable Stored load(Path segment, long segmentSize, boolean withTraces) {
        CRC32C checksum = new CRC32C();
        try (CheckedInputStream checked = new CheckedInputStream(
                        new BufferedInputStream(Files.newInputStream(beside(segment)), 1 << 16), checksum);
                DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC || in.readLong() != segmentSize || in.readLong() != modified(segment)) {
                return null;
            }
            long age = in.readLong();
            SegmentIndex index = SegmentIndexRecords.read(in, withTraces);
            long expected = checksum.getValue();
            return in.readLong() == expected ? new Stored(index, age) : null;
        } catch (IOException | RuntimeException untrustworthy) {
            return null;
        }
    }

    /** Removes the index of a segment, and what was left of one that could not be stored. */
    static void delete(Path segment) throws IOException {
        Files.deleteIfExists(beside(segment));
        Files.deleteIfExists(temporary(segment));
    }

    /** Removes indexes without their segment, and parts of indexes; what cannot be removed stays. */
    static void deleteOrphans(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()
                    && (name.group(2) != null || Files.notExists(file.resolveSibling(name.group(1) + ".jsonl")))) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException failure) {
                    log.warn("An index that belongs to no segment could not be removed. file={}", file, failure);
                }
            }
        }
    }

    private static Path temporary(Path segment) {
        Path file = beside(segment);
        return file.resolveSibling(file.getFileName() + ".new");
    }

    /** When the segment was last written, in microseconds: whoever changes a line of it without the log changes this. */
    private static long modified(Path segment) throws IOException {
        return Files.getLastModifiedTime(segment).to(TimeUnit.MICROSECONDS);
    }
}
