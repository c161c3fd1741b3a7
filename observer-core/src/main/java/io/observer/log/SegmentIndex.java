package io.observer.log;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What stands where in one segment, as columns with one row an event, so that reading parses nothing that it skips:
 *
 * <pre>
 * row   id     offset   job   name
 *   0   4711        0     0      0
 *   1   4712      143     1      2        16 bytes a row; jobs and names are numbers of a dictionary
 * </pre>
 *
 * One thread adds, any number read: what they see is a whole number of batches.
 */
final class SegmentIndex {

    /** Heap that one row takes. */
    static final int ROW_BYTES = 16;

    /** Heap for names, and for what is known of each job, beyond which the next segment is begun. */
    static final long MAX_NAME_BYTES = 32L << 20;

    /** @param count rows that are there; the arrays may be longer */
    record Columns(int count, int[] ids, int[] offsets, int[] jobs, int[] names) {}

    private final long baseId;
    private final Dictionary jobNames;
    private final Dictionary eventNames;
    private final JobTraces traces = new JobTraces();
    private long damagedLines;

    private volatile Columns columns;

    /** @param baseId no id in the segment is lower */
    SegmentIndex(long baseId) {
        this(
                baseId,
                new Dictionary(),
                new Dictionary(),
                new Columns(0, new int[64], new int[64], new int[64], new int[64]));
    }

    private SegmentIndex(long baseId, Dictionary jobNames, Dictionary eventNames, Columns columns) {
        this.baseId = baseId;
        this.jobNames = jobNames;
        this.eventNames = eventNames;
        this.columns = columns;
    }

    /** Adds events whose lines stand one after another from {@code offset}. */
    void add(Batch batch, long offset) {
        Columns rows = columns;
        long at = offset;
        for (int index = 0; index < batch.events().size(); index++) {
            rows = withRow(rows, batch.events().get(index), (int) at);
            at += batch.lineBytes(index);
        }
        columns = rows;
    }

    private Columns withRow(Columns rows, Event event, int offset) {
        Columns grown = rows.count() < rows.ids().length ? rows : grown(rows);
        int row = rows.count();
        grown.ids()[row] = (int) (event.id() - baseId);
        grown.offsets()[row] = offset;
        grown.jobs()[row] = jobNames.add(event.jobId());
        grown.names()[row] = eventNames.add(event.name());
        traces.add(grown.jobs()[row], event);
        return new Columns(row + 1, grown.ids(), grown.offsets(), grown.jobs(), grown.names());
    }

    private static Columns grown(Columns rows) {
        return resized(rows, Math.max(64, rows.ids().length * 2));
    }

    private static Columns resized(Columns rows, int length) {
        return new Columns(
                rows.count(),
                Arrays.copyOf(rows.ids(), length),
                Arrays.copyOf(rows.offsets(), length),
                Arrays.copyOf(rows.jobs(), length),
                Arrays.copyOf(rows.names(), length));
    }

    /**
     * The same for readers alone: nothing is known of jobs but their names, and no array is longer than there are rows. Not
     * to be stored or added to.
     */
    SegmentIndex readOnly() {
        Columns rows = columns;
        boolean already = traces.isEmpty() && rows.count() == rows.ids().length;
        return already ? this : new SegmentIndex(baseId, jobNames, eventNames, resized(rows, rows.count()));
    }

    /** Heap that it takes, about. */
    long bytes() {
        return (long) columns.ids().length * ROW_BYTES + nameBytes();
    }

    /** Whether its names take so much that what follows belongs into a segment of its own. The adding thread only. */
    boolean isFull() {
        return nameBytes() >= MAX_NAME_BYTES;
    }

    private long nameBytes() {
        return jobNames.bytes() + eventNames.bytes() + traces.bytes();
    }

    /** The rows of now; a later batch does not show in them. */
    Columns columns() {
        return columns;
    }

    long baseId() {
        return baseId;
    }

    long id(Columns rows, int row) {
        return baseId + rows.ids()[row];
    }

    /** The first row after id {@code after}; their count if there is none. */
    int rowAfter(Columns rows, long after) {
        int low = 0;
        for (int high = rows.count(); low < high; ) {
            int middle = (low + high) >>> 1;
            if (id(rows, middle) <= after) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Which rows {@code filter} wants. */
    RowFilter wanted(EventFilter filter) {
        boolean @Nullable [] jobs = filter.jobs().isEmpty()
                ? null
                : marked(
                        jobNames,
                        name -> filter.jobs().contains(name),
                        filter.jobs().size() == 1 ? filter.jobs().iterator().next() : null);
        boolean @Nullable [] names = filter.names().isEmpty() ? null : marked(eventNames, filter::matchesName, null);
        return new RowFilter(jobs, names);
    }

    private static boolean[] marked(Dictionary names, Predicate<String> wanted, @Nullable String only) {
        boolean[] marks = new boolean[names.size()];
        if (only != null) {
            Integer number = names.find(only);
            if (number != null && number < marks.length) {
                marks[number] = true;
            }
            return marks;
        }
        for (int number = 0; number < marks.length; number++) {
            marks[number] = wanted.test(names.name(number));
        }
        return marks;
    }

    Dictionary jobNames() {
        return jobNames;
    }

    Dictionary eventNames() {
        return eventNames;
    }

    /** What the segment says of each of its jobs. The adding thread only. */
    JobTraces traces() {
        return traces;
    }

    /** Lines of the segment that held no event when it was read for this index. */
    long damagedLines() {
        return damagedLines;
    }

    void countDamaged(long lines) {
        damagedLines += lines;
    }

    /** Puts back the rows that {@link SegmentIndexRecords} has stored; instead of {@link #add}. */
    void restore(Columns stored) {
        columns = stored;
    }

    /** Marks by dictionary number; null marks everything. Names that were added later are not looked at. */
    record RowFilter(boolean @Nullable [] jobs, boolean @Nullable [] names) {

        boolean passes(Columns rows, int row) {
            return isMarked(jobs, rows.jobs()[row]) && isMarked(names, rows.names()[row]);
        }

        private static boolean isMarked(boolean @Nullable [] marks, int number) {
            return marks == null || (number < marks.length && marks[number]);
        }
    }
}
