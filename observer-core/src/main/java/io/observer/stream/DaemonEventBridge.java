package io.observer.stream;

import io.observer.bus.EventBus;
import io.observer.bus.PullFlux;
import io.observer.event.Cursor;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.LogPage;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Splits the log's output into a stream for each job and one for all, each from wherever its reader left off. Safe for
 * any number of threads.
 */
public final class DaemonEventBridge {

    private final StreamContext context;
    private final Scheduler delivering;
    private final Set<StreamReader> readers = ConcurrentHashMap.newKeySet();
    private final Map<String, SourceNotice> sourcesAway = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @param delivering runs the subscribers of the fluxes
     * @param timer runs heartbeats
     */
    public DaemonEventBridge(
            EventLog log, EventBus bus, JobDirectory jobs, Scheduler delivering, Scheduler timer, Ticker ticker) {
        this.delivering = delivering;
        this.context = new StreamContext(log, bus, jobs, new StreamMetrics(), timer, ticker, readers::remove);
    }

    /** All events from now on; see {@link #stream}. */
    public Flux<StreamItem> global() {
        return stream(StreamRequest.global());
    }

    /** The events of one job from now on, until it finishes; see {@link #stream}. */
    public Flux<StreamItem> job(String jobId) {
        return stream(StreamRequest.ofJob(jobId));
    }

    /**
     * What {@code request} asks for.
     *
     * <p>Order: the log's, each wanted event once; first a {@link StreamItem.Hello}. When slow: live events are dropped
     * oldest first, and a {@link StreamItem.Missed} says which before the next event. On reconnect: subscribe again from
     * the position reached. When it ends: see {@link StreamReader}.
     */
    public Flux<StreamItem> stream(StreamRequest request) {
        return PullFlux.of(ready -> open(request, ready::run), delivering);
    }

    /**
     * A reader to poll, for drivers that have their own thread for it.
     *
     * @param wake hears whenever polling may yield
     */
    public StreamReader open(StreamRequest request, ReaderWake wake) {
        StreamReader reader = new StreamReader(request, context, wake);
        readers.add(reader);
        sourcesAway.values().forEach(reader::tell);
        if (stopped) {
            reader.stop();
        }
        return reader;
    }

    /**
     * Whether a reader that comes back has nothing left to hear: its job is finished and everything retained of it is
     * behind its cursor.
     */
    public Mono<Boolean> hasHeardAll(StreamRequest request) {
        if (request.job() == null || request.follow() || !(request.start() instanceof StreamStart.Resume resume)) {
            return Mono.just(false);
        }
        Cursor cursor = Cursor.parse(resume.lastEventId());
        if (cursor == null
                || !cursor.isOf(context.log().epoch())
                || cursor.id() > context.log().bounds().lastId()) {
            return Mono.just(false);
        }
        return Mono.justOrEmpty(context.jobs().find(request.job()))
                .filter(job -> job.state().isFinished())
                .flatMap(job -> cursor.id() >= job.lastId() ? Mono.just(true) : isAtEnd(cursor.id(), request))
                .defaultIfEmpty(false);
    }

    /** Ends every stream, and every one that is opened from now on, with {@link StreamItem.Stopped}. */
    public void stop() {
        stopped = true;
        readers.forEach(StreamReader::stop);
    }

    /** A source of events went away: all readers are told, and those that come before it is back. */
    public void sourceDisconnected(String source, long retryInSeconds) {
        SourceNotice notice = SourceNotice.disconnected(source, retryInSeconds);
        if (sourcesAway.put(source, notice) == null) {
            readers.forEach(reader -> reader.tell(notice));
        }
    }

    /**
     * A source of events is there: all readers are told if they had been told otherwise, each after what the log has now.
     */
    public void sourceConnected(String source) {
        if (sourcesAway.remove(source) != null) {
            SourceNotice notice =
                    SourceNotice.connected(source, context.log().bounds().lastId());
            readers.forEach(reader -> reader.tell(notice));
        }
    }

    /**
     * What follows in the log does not follow what was published last: every reader reads on from where it stands.
     *
     * @param position up to where the log is what it was; readers that stand further on go back to it
     * @param gap what readers are told first; null when reading tells
     */
    public void rewound(long position, @Nullable Gap gap) {
        Rewind rewind = new Rewind(position, gap);
        readers.forEach(reader -> reader.rewind(rewind));
    }

    /** Streams open now. */
    public int openStreams() {
        return readers.size();
    }

    /** What all streams did so far. */
    public StreamMetrics metrics() {
        return context.metrics();
    }

    private Mono<Boolean> isAtEnd(long position, StreamRequest request) {
        return context.log()
                .read(position, request.filter(), PageLimit.of(0))
                .map(DaemonEventBridge::isEmpty)
                .onErrorReturn(LogUnavailableException.class, false);
    }

    private static boolean isEmpty(LogPage page) {
        return !page.hasMore() && page.gap() == null;
    }
}
