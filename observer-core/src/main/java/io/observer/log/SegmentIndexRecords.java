package io.observer.log;

import io.observer.log.SegmentIndex.Columns;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** An index as bytes: names first, so that what follows can speak of them by number. */
final class SegmentIndexRecords {

    private SegmentIndexRecords() {}

    static void write(DataOutputStream out, SegmentIndex index) throws IOException {
        out.writeLong(index.baseId());
        out.writeLong(index.damagedLines());
        writeNames(out, index.jobNames());
        writeNames(out, index.eventNames());
        writeTraces(out, index);
        writeColumns(out, index.columns());
    }

    /** @param withTraces whether what is known of each job is wanted too */
    static SegmentIndex read(DataInputStream in, boolean withTraces) throws IOException {
        SegmentIndex index = new SegmentIndex(in.readLong());
        index.countDamaged(in.readLong());
        readNames(in, index.jobNames());
        readNames(in, index.eventNames());
        readTraces(in, index, withTraces);
        index.restore(readColumns(in));
        return index;
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
