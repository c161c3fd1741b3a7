package io.observer.log;

import io.observer.log.SegmentIndex.Columns;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An index beside its segment, so that a start reads it instead of every event. It is only ever a shortcut: one that is
 * missing, damaged, or older than the last change of its segment is made anew.
 */
final class SegmentIndexFile {

    private static final int MAGIC = 0x4F425332;

    /** @param age the log's age, in seconds, when the segment was last written */
    record Stored(SegmentIndex index, long age) {}

    private SegmentIndexFile() {}

    static Path beside(Path segment) {
        return segment.resolveSibling(segment.getFileName().toString().replace(".jsonl", ".idx"));
    }

    static void save(Path segment, long segmentSize, long age, SegmentIndex index) throws IOException {
        Path file = beside(segment);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        CRC32C checksum = new CRC32C();
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                new CheckedOutputStream(Files.newOutputStream(temporary), checksum), 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeLong(segmentSize);
            out.writeLong(modified(segment));
            out.writeLong(age);
            out.writeLong(index.baseId());
            writeNames(out, index.jobNames());
            writeNames(out, index.eventNames());
            writeTraces(out, index.traces());
            writeColumns(out, index.columns());
            out.flush();
            out.writeLong(checksum.getValue());
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The index of a segment of this size, or null if there is none that can be trusted. */
    static @Nullable Stored load(Path segment, long segmentSize) {
        CRC32C checksum = new CRC32C();
        try (CheckedInputStream checked = new CheckedInputStream(
                        new BufferedInputStream(Files.newInputStream(beside(segment)), 1 << 16), checksum);
                DataInputStream in = new DataInputStream(checked)) {
            if (in.readInt() != MAGIC || in.readLong() != segmentSize || in.readLong() != modified(segment)) {
                return null;
            }
            long age = in.readLong();
            SegmentIndex index = new SegmentIndex(in.readLong());
            readNames(in, index.jobNames());
            readNames(in, index.eventNames());
            Map<String, JobTrace> traces = readTraces(in);
            Columns columns = readColumns(in);
            long expected = checksum.getValue();
            if (in.readLong() != expected) {
                return null;
            }
            index.restore(columns, traces);
            return new Stored(index, age);
        } catch (IOException | RuntimeException untrustworthy) {
            return null;
        }
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

    private static void writeTraces(DataOutputStream out, Map<String, JobTrace> traces) throws IOException {
        out.writeInt(traces.size());
        for (JobTrace trace : traces.values()) {
            out.writeUTF(trace.jobId());
            out.writeLong(trace.events());
            out.writeDouble(trace.firstTimestamp());
            out.writeDouble(trace.lastTimestamp());
            out.writeUTF(trace.lastEvent());
            out.writeLong(trace.lastId());
            out.writeInt(trace.jobEvents().size());
            for (Map.Entry<String, Long> event : trace.jobEvents().entrySet()) {
                out.writeUTF(event.getKey());
                out.writeLong(event.getValue());
            }
        }
    }

    private static Map<String, JobTrace> readTraces(DataInputStream in) throws IOException {
        Map<String, JobTrace> traces = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            JobTrace trace = readTrace(in);
            traces.put(trace.jobId(), trace);
        }
        return traces;
    }

    private static JobTrace readTrace(DataInputStream in) throws IOException {
        String job = in.readUTF();
        long events = in.readLong();
        double first = in.readDouble();
        double last = in.readDouble();
        String lastEvent = in.readUTF();
        long lastId = in.readLong();
        Map<String, Long> jobEvents = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            jobEvents.put(name, in.readLong());
        }
        return new JobTrace(job, events, first, last, lastEvent, lastId, jobEvents);
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
