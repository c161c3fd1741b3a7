package io.observer.log.redis;

import io.observer.event.Cursor;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.log.EventOutput;
import io.observer.log.JobTrace;
import io.observer.log.LogBounds;
import io.observer.log.LogHealth;
import io.observer.log.LogListener;
import io.observer.log.LogOpenException;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import io.observer.log.redis.RedisOpening.Opened;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A log in Redis that any number of nodes write to and read: one order for all of them. While Redis is away nothing is
 * taken, and what memory has is answered.
 */
public final class RedisEventLog implements EventLog {

    /** How long each answer of the first connection may take: it waits for names, certificates, classes. */
    private static final Duration FIRST_ANSWERS = Duration.ofSeconds(10);

    private final RedisHead head;
    private final RedisLink link;
    private final RedisWriter writer;
    private final RedisReads reads;
    private final RedisMetrics metrics;
    private final RedisReached reached;
    private final Scheduler.Worker worker;

    private RedisEventLog(
            RedisLogSettings settings,
            RedisConnector connector,
            RedisOpening opening,
            Opened opened,
            Ticker ticker,
            Scheduler.Worker worker,
            Scheduler timer,
            int maxQueued,
            Consumer<List<JobTrace>> jobs,
            EventOutput output) {
        RedisKeys keys = new RedisKeys(settings.prefix());
        this.worker = worker;
        this.metrics = new RedisMetrics();
        this.head = new RedisHead(ticker, opened.life());
        this.link = new RedisLink(settings, connector, opening, head, metrics, worker, timer);
        this.reads = new RedisReads(keys, link, head);
        this.writer = new RedisWriter(settings, link, head, metrics, ticker, maxQueued);
        this.reached = new RedisReached(head, link, reads);
        RedisFollower follower = new RedisFollower(keys, link, head, metrics, output, id -> {
            writer.answerThrough(id);
            reached.through(id);
        });
        // Before the first event: what jobs did since then follows.
        jobs.accept(opened.jobs() == null ? List.of() : opened.jobs());
        link.start(opened.session(), new Users(follower, writer));
    }

    /**
     * Connects to Redis, and finds the log or begins it. Blocks; call it while starting. The log runs on the thread of its
     * connections, which hands out events too.
     *
     * @param newEpoch names a new life of the log
     * @param timer notices what takes too long
     * @param maxQueued events that may wait to be stored
     * @param maxJobs jobs that are asked after
     * @param jobs takes what retained events say of each, before {@code output} takes the first event; the newest of those may
     *     come again there
     * @throws LogOpenException if Redis cannot be reached or cannot be used
     * @throws IllegalArgumentException if the URL is none
     */
    public static RedisEventLog open(
            RedisLogSettings settings,
            Ticker ticker,
            Supplier<String> newEpoch,
            Scheduler timer,
            int maxQueued,
            int maxJobs,
            Consumer<List<JobTrace>> jobs,
            EventOutput output) {
        return open(settings, ticker, newEpoch, null, timer, maxQueued, maxJobs, jobs, output);
    }

    /** @param writing runs the log in place of the connections' thread */
    static RedisEventLog open(
            RedisLogSettings settings,
            Ticker ticker,
            Supplier<String> newEpoch,
            @Nullable Scheduler writing,
            Scheduler timer,
            int maxQueued,
            int maxJobs,
            Consumer<List<JobTrace>> jobs,
            EventOutput output) {
        RedisConnector connector = new RedisConnector(settings);
        RedisOpening opening = new RedisOpening(connector, new RedisKeys(settings.prefix()), newEpoch, maxJobs, timer);
        try {
            Opened opened = Objects.requireNonNull(
                    opening.open(null, FIRST_ANSWERS).toFuture().get());
            Scheduler own = writing == null ? Schedulers.fromExecutorService(connector.loop()) : writing;
            return new RedisEventLog(
                    settings, connector, opening, opened, ticker, own.createWorker(), timer, maxQueued, jobs, output);
        } catch (ExecutionException failure) {
            throw unopened(connector, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unopened(connector, interrupted);
        }
    }

    @Override
    public String epoch() {
        return head.epoch();
    }

    @Override
    public String backend() {
        return "redis";
    }

    @Override
    public String durability() {
        return "redis";
    }

    @Override
    public LogBounds bounds() {
        return head.bounds();
    }

    @Override
    public int queueDepth() {
        return writer.queueDepth();
    }

    @Override
    public LogHealth health() {
        return new LogHealth(link.fault(), metrics.unreadable());
    }

    @Override
    public boolean isStale() {
        return link.away() != null;
    }

    @Override
    public void listen(LogListener listener) {
        link.listen(listener);
    }

    /** How the connections did so far. */
    public RedisMetrics metrics() {
        return metrics;
    }

    /** How many events Redis had, when it was asked last, that this node has not handed out; NaN while it is away. */
    public double lag() {
        return isStale() ? Double.NaN : Math.max(0, metrics.redisLast() - head.last());
    }

    @Override
    public Mono<Appended> append(List<EventDraft> drafts) {
        return writer.append(drafts);
    }

    @Override
    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
        return Mono.defer(() -> {
            if (head.hasAllAfter(after)) {
                LogPage page = head.ring().page(after, filter, limit);
                if (page.gap() == null) {
                    return Mono.just(page);
                }
            }
            return reads.page(after, filter, limit);
        });
    }

    @Override
    public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return Mono.defer(() -> {
            long last = head.last();
            if (count == 0 || (filter.passesAll() && head.hasAllAfter(last - count))) {
                return Mono.just(last - count);
            }
            Long remembered = head.positionBeforeLast(count, filter);
            return remembered == null ? reads.positionBeforeLast(count, filter) : Mono.just(remembered);
        });
    }

    @Override
    public Mono<Void> reach(Cursor cursor) {
        return reached.reach(cursor);
    }

    @Override
    public Mono<Void> seal() {
        return writer.close();
    }

    @Override
    public Mono<Void> close() {
        return seal().then(Mono.create(closed -> worker.schedule(() -> {
            link.close();
            closed.success();
        })));
    }

    /** Lets go of everything as it is, as the end of the process does; nobody is answered any more. */
    void abandon() {
        link.close();
    }

    private static LogOpenException unopened(RedisConnector connector, Exception failure) {
        connector.close();
        return new LogOpenException(
                "Redis at " + connector.place() + " " + RedisFault.of(failure).sentence(), failure);
    }

    private record Users(RedisFollower follower, RedisWriter writer) implements RedisLink.Users {

        @Override
        public void connected(RedisSession session) {
            follower.connected(session);
            writer.connected(session);
        }

        @Override
        public void disconnected() {
            follower.disconnected();
            writer.disconnected();
        }

        @Override
        public void away(RedisFault fault) {
            writer.away(fault);
        }
    }
}
