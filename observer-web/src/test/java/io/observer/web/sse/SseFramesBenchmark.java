package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.log.DisabledEventLog;
import io.observer.stream.StreamItem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Schedulers;

/** From an event of about 300 bytes to its frame in a reader's buffer: nanoseconds for each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SseFramesBenchmark {

    private static final SseFormat NAMED = new SseFormat(true, Duration.ofSeconds(30));

    private final SseFrames frames = new SseFrames(
            new DisabledEventLog("k3f9x2", Schedulers.immediate(), 1, stored -> {}), "1.0", Clock.systemUTC());
    private final EventDraft draft = new EventJson(Clock.systemUTC())
            .parseJson("""
                    {"job_id":"build-7","sheet_num":3,"event":"observer.file_modified","data":{"seq":4711,\
                    "path":"src/main/java/com/example/orders/checkout/PaymentAuthorizationServiceImplementation.java",\
                    "size":18234,"owner":"builder"},"timestamp":1732152419.250000}
                    """.getBytes(StandardCharsets.UTF_8))
            .drafts()
            .get(0);
    private final StreamItem shared = new StreamItem.Delivered(draft.at(214_008));
    private final ByteBuf out = Unpooled.directBuffer(4096);
    private long id;

    /** For the first of its readers; giving the event its id is included. */
    @Benchmark
    public ByteBuf first() {
        return write(new StreamItem.Delivered(draft.at(++id)));
    }

    /** For each of the others. */
    @Benchmark
    public ByteBuf shared() {
        return write(shared);
    }

    private ByteBuf write(StreamItem item) {
        out.clear();
        frames.write(item, NAMED, out);
        return out;
    }
}
