package io.observer.log;

import io.observer.log.SegmentIndex.Columns;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        out.writeLong(index.baseId());
        out.writeLong(index.damagedLines());
        writeNames(out, index.jobNames());
        writeNames(out, index.eventNames());
        writeTraces(out, index);
        writeColumns(out, index.columns());
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
            SegmentIndex index = new SegmentIndex(in.readLong());
            index.countDamaged(in.readLong());
            readNames(in, index.jobNames());
            readNames(in, index.eventNames());
            readTraces(in, index, withTraces);
            index.restore(readColumns(in));
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

    private static void writeNames(DataOutputStream out, Dictionary names) throws IOException {
        out.writeInt(names.size());
        for (int number = 0; number < names.size(); number++) {
            out.writeUTF(names.name(number));
        }
    }

    private static void readNames(DataInputStream in, Dictionary names) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readUTF());
        }
    }

    /** For each job, in the order of their numbers; no events for the name that is none. */
    private static void writeTraces(DataOutputStream out, SegmentIndex index) throws IOException {
        for (int job = 0; job < index.jobNames().size(); job++) {
            JobTrace trace = index.traces().get(job);
            out.writeLong(trace == null ? 0 : trace.events());
            if (trace != null) {
                out.writeDouble(trace.firstTimestamp());
                out.writeDouble(trace.lastTimestamp());
                out.writeInt(numberOf(index, trace.lastEvent()));
                out.writeLong(trace.lastId());
                out.writeInt(trace.jobEvents().size());
                for (Map.Entry<String, Long> event : trace.jobEvents().entrySet()) {
                    out.writeInt(numberOf(index, event.getKey()));
                    out.writeLong(event.getValue());
                }
            }
        }
    }

    private static int numberOf(SegmentIndex index, String eventName) {
        return Objects.requireNonNull(index.eventNames().find(eventName));
    }

    private static void readTraces(DataInputStream in, SegmentIndex index, boolean kept) throws IOException {
        for (int job = 0; job < index.jobNames().size(); job++) {
            long events = in.readLong();
            JobTrace trace = events == 0 ? null : readTrace(in, index, job, events);
            if (kept) {
                index.traces().restore(job, trace);
            }
        }
    }

    private static JobTrace readTrace(DataInputStream in, SegmentIndex index, int job, long events) throws IOException {
        double first = in.readDouble();
        double last = in.readDouble();
        String lastEvent = index.eventNames().name(in.readInt());
        long lastId = in.readLong();
        int names = in.readInt();
        Map<String, Long> jobEvents = names == 0 ? Map.of() : new HashMap<>();
        for (int left = names; left > 0; left--) {
            String name = index.eventNames().name(in.readInt());
            jobEvents.put(name, in.readLong());
        }
        return new JobTrace(index.jobNames().name(job), events, first, last, lastEvent, lastId, jobEvents);
    }

    private static void writeColumns(DataOutputStream out, Columns columns) throws IOException {
        out.writeInt(columns.count());
        for (int[] column : new int[][] {columns.ids(), columns.offsets(), columns.jobs(), columns.names()}) {
            ByteBuffer bytes = ByteBuffer.allocate(columns.count() * Integer.BYTES);
            bytes.asIntBuffer().put(column, 0, columns.count());
            out.write(bytes.array());
        }
    }

    private static Columns readColumns(DataInputStream in) throws IOException {
        int count = in.readInt();
        return new Columns(count, readInts(in, count), readInts(in, count), readInts(in, count), readInts(in, count));
    }

    /** Rows come in pieces, so that a damaged count fails at the end of the file and not at the size of the heap. */
    private static int[] readInts(DataInputStream in, int count) throws IOException {
        int[] ints = new int[Math.min(count, 1 << 16)];
        byte[] piece = new byte[Math.min(count, 1 << 14) * Integer.BYTES];
        for (int done = 0; done < count; ) {
            int rows = Math.min(count - done, piece.length / Integer.BYTES);
            in.readFully(piece, 0, rows * Integer.BYTES);
            if (done + rows > ints.length) {
                ints = Arrays.copyOf(ints, Math.min(count, ints.length * 2));
            }
            ByteBuffer.wrap(piece).asIntBuffer().get(ints, done, rows);
            done += rows;
        }
        return ints;
    }
}
