package io.observer.log.redis;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** A first connection may have to wait for more than later ones: names, certificates, classes. */
    private static final Duration FIRST_CONNECTION = Duration.ofSeconds(10);

    private final RedisHead head;
    private final RedisLink link;
    private final RedisWriter writer;
    private final RedisReads reads;
    private final RedisMetrics metrics;
    private final RedisReached reached;
    private final List<JobTrace> jobs;
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
            EventOutput output) {
        RedisKeys keys = new RedisKeys(settings.prefix());
        this.worker = worker;
        this.metrics = new RedisMetrics();
        this.jobs = opened.jobs() == null ? List.of() : List.copyOf(opened.jobs());
        this.head = new RedisHead(ticker, opened.life());
        this.link = new RedisLink(settings, connector, opening, head, metrics, worker, timer);
        this.reads = new RedisReads(keys, link, head);
        this.writer = new RedisWriter(settings, link, head, metrics, ticker, maxQueued);
        this.reached = new RedisReached(head, link, reads);
        RedisFollower follower = new RedisFollower(keys, link, head, metrics, output, id -> {
            writer.answerThrough(id);
            reached.through(id);
        });
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
            EventOutput output) {
        return open(settings, ticker, newEpoch, null, timer, maxQueued, maxJobs, output);
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
            EventOutput output) {
        RedisConnector connector = new RedisConnector(settings);
        RedisOpening opening = new RedisOpening(connector, new RedisKeys(settings.prefix()), newEpoch, maxJobs);
        try {
            Opened opened = Objects.requireNonNull(opening.open(null)
                    .timeout(FIRST_CONNECTION)
                    .toFuture()
                    .get(2 * FIRST_CONNECTION.toSeconds(), TimeUnit.SECONDS));
            Scheduler own = writing == null ? Schedulers.fromExecutorService(connector.loop()) : writing;
            return new RedisEventLog(
                    settings, connector, opening, opened, ticker, own.createWorker(), timer, maxQueued, output);
        } catch (ExecutionException | TimeoutException failure) {
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
    public List<JobTrace> jobsFound() {
        return jobs;
    }

    @Override
    public void listen(LogListener listener) {
        link.listen(listener);
    }

    /** How the connections did so far. */
    public RedisMetrics metrics() {
        return metrics;
    }

    /** How many events Redis had, when it was asked last, that this node has not handed out. */
    public long lag() {
        return Math.max(0, metrics.redisLast() - head.last());
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
            return count == 0 || (filter.passesAll() && head.hasAllAfter(last - count))
                    ? Mono.just(last - count)
                    : reads.positionBeforeLast(count, filter);
        });
    }

    @Override
    public Mono<Void> reach(long id) {
        return reached.reach(id);
    }

    @Override
    public Mono<Void> close() {
        return writer.close()
                .then(Mono.create(closed -> worker.schedule(() -> {
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
