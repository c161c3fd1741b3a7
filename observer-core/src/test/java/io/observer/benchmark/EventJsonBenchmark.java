package io.observer.benchmark;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.ParsedBody;
import io.observer.event.StoredEvents;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From bytes to events and back: nanoseconds for each event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventJsonBenchmark {

    private static final int BATCH = 100;

    private final EventJson json = new EventJson(Clock.systemUTC());
    private final byte[] one = SampleEvents.lines(1);
    private final byte[] many = SampleEvents.lines(BATCH);
    private final EventDraft draft = SampleEvents.drafts(1).get(0);
    private final byte[] stored = draft.at(214_008).json();

    @Benchmark
    public ParsedBody parseSingle() {
        return json.parseJson(one);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public ParsedBody parseLines() {
        return json.parseLines(many);
    }

    @Benchmark
    public Event encode() {
        return draft.at(214_008);
    }

    /** As a page of history or a resume reads a segment. */
    @Benchmark
    public Event readStored() {
        return StoredEvents.read(stored, 0, stored.length);
    }

    /** As a start after a crash looks at the last segment. */
    @Benchmark
    public Event checkStored() {
        return StoredEvents.check(stored);
    }
}
