package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;

import io.lettuce.core.RedisCommandExecutionException;
import io.observer.log.Gap;
import io.observer.log.LogListener;
import io.observer.log.redis.RedisOpening.Opened;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps the connections to Redis. One failure ends them all; a first try to make them anew follows at once, and only when
 * that fails Redis counts as away and tries come at growing distance. All state changes on the log's worker.
 */
final class RedisLink {

    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    static final String PLACE = "redis";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration TEND = Duration.ofSeconds(1);

    /** A gap between two calls that is longer is no time that somebody tended the log. */
    private static final long COUNTED_SECONDS = 5;

    /** Takes what becomes of the connections; on the worker. */
    interface Users {

        /** Connections are there, and the head is what Redis has. */
        void connected(RedisSession session);

        /** The connections are gone: what was sent may or may not have been done. */
        void disconnected();

        /** A try to make them anew has failed. */
        void away(RedisFault fault);
    }

    private final RedisLogSettings settings;
    private final RedisKeys keys;
    private final RedisConnector connector;
    private final RedisOpening opening;
    private final RedisHead head;
    private final RedisMetrics metrics;
    private final Scheduler.Worker worker;
    private final Scheduler timer;
    private final Disposable.Composite running = Disposables.composite();
    private final Disposable.Swap next = Disposables.swap();

    private @Nullable Users users;
    private volatile LogListener listener = LogListener.NONE;
    private volatile @Nullable RedisSession session;
    private volatile @Nullable RedisFault away;
    private volatile @Nullable RedisFault refusing;
    private @Nullable RedisFault untended;
    private boolean closed;
    private boolean proven;
    private int failures;

    RedisLink(
            RedisLogSettings settings,
            RedisConnector connector,
            RedisOpening opening,
            RedisHead head,
            RedisMetrics metrics,
            Scheduler.Worker worker,
            Scheduler timer) {
        this.settings = settings;
        this.keys = new RedisKeys(settings.prefix());
        this.connector = connector;
        this.opening = opening;
        this.head = head;
        this.metrics = metrics;
        this.worker = worker;
        this.timer = timer;
    }

    void start(RedisSession first, Users itsUsers) {
        users = itsUsers;
        session = first;
        running.add(next);
        running.add(timer.schedulePeriodically(
                () -> onWorker(this::tend), TEND.toMillis(), TEND.toMillis(), TimeUnit.MILLISECONDS));
        itsUsers.connected(first);
    }

    void listen(LogListener hearer) {
        onWorker(() -> {
            listener = hearer;
            if (away != null) {
                hearer.away(PLACE, LONGEST_PAUSE);
            }
        });
    }

    LogListener listener() {
        return listener;
    }

    /** The connections, or null while there are none. */
    @Nullable
    RedisSession session() {
        return session;
    }

    /** Why Redis counts as away, or null. */
    @Nullable
    RedisFault away() {
        return away;
    }

    /** Why no events are taken, in a sentence, or null when they are. */
    @Nullable
    String fault() {
        RedisFault gone = away;
        RedisFault fault = gone == null ? refusing : gone;
        return fault == null ? null : "Redis at " + connector.place() + " " + fault.sentence();
    }

    /** {@code asked}, or a timeout when Redis takes too long over it. */
    <T> Mono<T> answered(Mono<T> asked) {
        return answered(asked, Duration.ZERO);
    }

    /** @param longer how much longer than usual the answer may take */
    <T> Mono<T> answered(Mono<T> asked, Duration longer) {
        return asked.timeout(settings.timeout().plus(longer), timer);
    }

    /** Redis has taken or refused events: a refusal is a fault until something is taken again. */
    void noteAnswer(@Nullable RedisFault refusal) {
        if (refusal != null && (refusing == null || !refusing.equals(refusal))) {
            log.warn("Redis at {} {}; events are refused", connector.place(), refusal.sentence());
        } else if (refusal == null && refusing != null) {
            log.info("Redis at {} takes events again", connector.place());
        }
        refusing = refusal;
        proven = true;
    }

    /** Gives up {@code failed}, unless that has been done. Any thread. */
    void lost(RedisSession failed, RedisFault fault, Throwable reason) {
        onWorker(() -> {
            if (session != failed || closed) {
                return;
            }
            log.warn("Redis at {} {}; connecting anew", connector.place(), fault.sentence());
            log.debug("What ended the connections", reason);
            session = null;
            failed.close();
            users().disconnected();
            failures = proven ? 0 : failures + 1;
            proven = false;
            if (failures == 0) {
                open();
            } else {
                openAfter(pause());
            }
        });
    }

    /** Runs {@code task} on the log's worker, unless that is gone. */
    void onWorker(Runnable task) {
        try {
            worker.schedule(() -> run(task));
        } catch (RejectedExecutionException ended) {
            log.debug("The log's worker is gone");
        }
    }

    /** Runs {@code task} on the log's worker in a while. */
    void after(Duration pause, Runnable task) {
        timer.schedule(() -> onWorker(task), Math.max(0, pause.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** A task that fails has left things half done: connecting anew brings them in order. */
    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            log.error("The log in Redis failed on a task", failure);
            RedisSession current = session;
            if (current != null) {
                lost(current, RedisFault.of(failure), failure);
            }
        }
    }

    /** On the worker. */
    void close() {
        closed = true;
        running.dispose();
        RedisSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
        connector.close();
    }

    private void open() {
        metrics.countConnect();
        next.update(opening.open(head, settings.timeout())
                .subscribe(
                        opened -> onWorker(() -> opened(opened)),
                        failure -> onWorker(() -> failed(RedisFault.of(failure), failure))));
    }

    private void opened(Opened opened) {
        if (closed) {
            opened.session().close();
            return;
        }
        session = opened.session();
        Long fork = opened.fork();
        if (fork != null) {
            log.error(
                    "Redis at {} does not have what it had: the log goes on under a new epoch, and readers are told."
                            + " epoch={} was={} same_through={} seen_through={}",
                    connector.place(),
                    opened.life().epoch(),
                    head.epoch(),
                    fork,
                    head.last());
            head.goOnAs(opened.life(), fork);
            listener.rewound(fork, Gap.ofUnknownExtent(Gap.Reason.EPOCH), opened.jobs());
        } else {
            head.keepsFrom(opened.life().first());
        }
        if (away != null) {
            log.info("Redis at {} is back", connector.place());
            away = null;
            listener.back(PLACE);
        }
        users().connected(opened.session());
        tend();
    }

    private void failed(RedisFault fault, Throwable reason) {
        failures++;
        Duration pause = pause();
        if (away == null || !away.equals(fault)) {
            log.warn("Redis at {} {}; trying again", connector.place(), fault.sentence());
        }
        log.debug("Why Redis cannot be reached", reason);
        boolean first = away == null;
        away = fault;
        users().away(fault);
        if (first) {
            listener.away(PLACE, pause);
        }
        openAfter(pause);
    }

    private void openAfter(Duration pause) {
        next.update(timer.schedule(() -> onWorker(this::open), pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The more failures the longer, less up to half, so that nodes do not all come at once. */
    static Duration pause(int failures, RandomGenerator random) {
        long whole = Math.min(FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10), LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(whole - random.nextLong(whole / 2 + 1));
    }

    private Duration pause() {
        return pause(failures, ThreadLocalRandom.current());
    }

    // On newer JDKs NullAway looks at elements too, and loses in a lambda that those of an answer may be null.
    @SuppressWarnings("NullAway")
    private void tend() {
        RedisSession current = session;
        if (current == null) {
            return;
        }
        long seen = head.last();
        answered(RedisScript.TEND.run(
                        current.writes(),
                        keys.ofTend(),
                        bytes(Math.max(1, settings.ttl().toSeconds())),
                        bytes(COUNTED_SECONDS),
                        bytes(keys.jobPrefix())))
                .subscribe(
                        answer -> onWorker(() -> tended(current, seen, answer)),
                        failure -> onWorker(() -> untended(current, failure)));
    }

    private void tended(RedisSession current, long seen, List<@Nullable Object> answer) {
        if (session != current) {
            return;
        }
        String epoch = RedisScript.text(answer.get(0));
        long last = RedisScript.number(answer.get(1));
        if (!epoch.equals(head.epoch()) || last < seen) {
            lost(current, RedisFault.OTHER_EPOCH, new IllegalStateException("epoch " + epoch + ", last id " + last));
            return;
        }
        untended = null;
        String refusal = RedisScript.text(answer.get(3));
        noteAnswer(refusal.isEmpty() ? null : RedisFault.of(new RedisCommandExecutionException(refusal)));
        head.keepsFrom(RedisScript.number(answer.get(2)));
        metrics.redisHas(last);
    }

    private void untended(RedisSession current, Throwable failure) {
        RedisFault fault = RedisFault.of(failure);
        if (fault.isLost()) {
            lost(current, fault, failure);
        } else if (session == current && !fault.equals(untended)) {
            // Events may be taken all the same: only a publisher can tell.
            log.warn("Redis at {} {}; old events are not taken from the log", connector.place(), fault.sentence());
            untended = fault;
        }
    }

    private Users users() {
        if (users == null) {
            throw new IllegalStateException("not started");
        }
        return users;
    }
}
