package io.observer.recorder;

import java.util.concurrent.atomic.LongAdder;

/** What a recorder has done so far. Any thread. */
public final class RecorderMetrics {

    private final LongAdder recorded = new LongAdder();
    private final LongAdder excluded = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder missed = new LongAdder();

    RecorderMetrics() {}

    /** Events of registered jobs that entered a ring. */
    public long recorded() {
        return recorded.sum();
    }

    /** Events of registered jobs that a pattern kept out. */
    public long excluded() {
        return excluded.sum();
    }

    /** Lines written to timelines. */
    public long written() {
        return written.sum();
    }

    /** Writes to timelines that failed; each is tried again. */
    public long failures() {
        return failures.sum();
    }

    /** Lines that no timeline has, because its workspace did not take them in time. */
    public long lost() {
        return lost.sum();
    }

    /** Events that passed the recorder by and that the log had no longer, or could not give, when it looked for them. */
    public long missed() {
        return missed.sum();
    }

    void addRecorded() {
        recorded.increment();
    }

    void addExcluded() {
        excluded.increment();
    }

    void addWritten(int lines) {
        written.add(lines);
    }

    void addFailure() {
        failures.increment();
    }

    void addLost(long lines) {
        lost.add(lines);
    }

    void addMissed(long events) {
        missed.add(events);
    }
}
