package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.StreamMessage;
import io.observer.event.Event;
import io.observer.log.JobTrace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Makes the connections, finds the log, and finds out whether it is still the one that this node has seen. */
final class RedisOpening {

    private static final Logger log = LoggerFactory.getLogger(RedisOpening.class);

    private static final String EVICTION = "maxmemory-policy";

    /** Events compared, and jobs told of, at a time. */
    private static final int STEP = 100;

    /**
     * What was found.
     *
     * @param fork up to where the log is what this node has seen, if it has another epoch now
     * @param jobs what the log says of its jobs; null if this node knows that already
     */
    record Opened(
            RedisSession session,
            RedisLife life,
            @Nullable Long fork,
            @Nullable List<JobTrace> jobs) {}

    private final RedisConnector connector;
    private final RedisKeys keys;
    private final Supplier<String> newEpoch;
    private final int maxJobs;
    private final Scheduler timer;

    RedisOpening(RedisConnector connector, RedisKeys keys, Supplier<String> newEpoch, int maxJobs, Scheduler timer) {
        this.connector = connector;
        this.keys = keys;
        this.newEpoch = newEpoch;
        this.maxJobs = maxJobs;
        this.timer = timer;
    }

    /**
     * @param head what this node has seen; null when it has just started
     * @param patience how long each answer may take: there are more of them the more jobs there are
     */
    Mono<Opened> open(@Nullable RedisHead head, Duration patience) {
        return Mono.defer(() -> {
            RedisSession session = new RedisSession();
            return new Try(session, patience)
                    .open(head)
                    .doOnError(failure -> session.close())
                    .doOnCancel(session::close);
        });
    }

    /** One try, over connections of its own. */
    private final class Try {

        private final RedisSession session;
        private final Duration patience;

        Try(RedisSession session, Duration patience) {
            this.session = session;
            this.patience = patience;
        }

        Mono<Opened> open(@Nullable RedisHead head) {
            return connect()
                    .then(requireMaster())
                    .then(Mono.defer(() -> join(head, false)))
                    .flatMap(life -> head == null ? begin(life) : goOn(life, head));
        }

        private <T> Mono<T> inTime(Mono<T> asked) {
            return asked.timeout(patience, timer);
        }

        private Mono<Void> connect() {
            return inTime(connector.locate())
                    .flatMapMany(server -> Flux.range(0, 3).concatMap(each -> inTime(connector.connect(server))))
                    .doOnNext(session::add)
                    .then();
        }

        private Mono<Void> requireMaster() {
            return inTime(Mono.fromFuture(() -> session.writes().async().role().toCompletableFuture()))
                    .flatMap(role -> "master".equals(RedisScript.text(role.get(0)))
                            ? Mono.empty()
                            : Mono.error(new RedisReadOnlyException("READONLY as its role says")));
        }

        private Mono<RedisLife> join(@Nullable RedisHead head, boolean forked) {
            return inTime(RedisScript.JOIN.run(
                            session.writes(),
                            keys.ofJoin(),
                            bytes(newEpoch.get()),
                            bytes(head == null ? "" : head.epoch()),
                            bytes(head == null ? 0 : head.last()),
                            bytes(forked ? 1 : 0)))
                    .map(RedisLife::of);
        }

        private Mono<Opened> begin(RedisLife life) {
            return warnOfEviction().then(jobs()).map(jobs -> new Opened(session, life, null, jobs));
        }

        /** A user that may not ask is not warned. */
        private Mono<Void> warnOfEviction() {
            return inTime(Mono.fromFuture(
                            () -> session.writes().async().configGet(EVICTION).toCompletableFuture()))
                    .map(found -> RedisScript.text(found.get(EVICTION)))
                    .doOnNext(policy -> {
                        if (!policy.isEmpty() && !policy.equals("noeviction")) {
                            log.warn(
                                    "Redis at {} may evict keys of the log; set its maxmemory-policy to noeviction."
                                            + " maxmemory_policy={}",
                                    connector.place(),
                                    policy);
                        }
                    })
                    .onErrorComplete()
                    .then();
        }

        private Mono<Opened> goOn(RedisLife life, RedisHead head) {
            if (!life.epoch().equals(head.epoch())) {
                return fork(life, head);
            }
            Event newest = head.ring().get(head.last());
            if (newest == null) {
                return Mono.just(new Opened(session, life, null, null));
            }
            // Others may have gone on with a log that had lost what this node has seen: then the ids are right, and
            // what stands under them is not.
            return range(newest.id(), newest.id())
                    .any(event -> !Arrays.equals(event.json(), newest.json()))
                    .flatMap(other -> other
                            ? join(head, true).flatMap(renewed -> fork(renewed, head))
                            : Mono.just(new Opened(session, life, null, null)));
        }

        private Mono<Opened> fork(RedisLife life, RedisHead head) {
            boolean continued = life.before().equals(head.epoch());
            return range(life.first(), head.last())
                    .filter(event -> isSame(event, head, continued))
                    .next()
                    .map(Event::id)
                    .defaultIfEmpty(life.first() - 1)
                    .flatMap(fork -> jobs().map(jobs -> new Opened(session, life, Math.min(fork, head.last()), jobs)));
        }

        /** The events from {@code last} back to {@code first}. */
        private Flux<Event> range(long first, long last) {
            return step(first, last)
                    .expand(step -> step.size() < STEP
                            ? Mono.empty()
                            : step(first, RedisEntries.idOf(step.get(step.size() - 1)) - 1))
                    .concatMap(step -> Flux.fromIterable(step).mapNotNull(RedisEntries::eventOf));
        }

        private Mono<List<StreamMessage<String, byte[]>>> step(long first, long last) {
            return inTime(Mono.fromFuture(() -> session.reads()
                    .async()
                    .xrevrange(
                            keys.log(),
                            Range.create(RedisEntries.streamId(first), RedisEntries.streamId(last)),
                            Limit.from(STEP))
                    .toCompletableFuture()));
        }

        /** All names at one moment, so that none is missed that moves up meanwhile; then what there is to say of each. */
        private Mono<List<JobTrace>> jobs() {
            return inTime(Mono.fromFuture(() -> session.reads()
                            .async()
                            .zrange(keys.jobs(), -maxJobs, -1)
                            .toCompletableFuture()))
                    .flatMapIterable(names -> names)
                    .buffer(STEP)
                    .concatMap(this::tracesOf)
                    .collectList();
        }

        private Flux<JobTrace> tracesOf(List<byte[]> names) {
            List<byte[]> arguments = new ArrayList<>(names);
            arguments.add(0, bytes(keys.jobPrefix()));
            return inTime(RedisScript.JOBS.run(
                            session.reads(), new String[] {keys.log(), keys.jobs()}, arguments.toArray(byte[][]::new)))
                    .flatMapIterable(told -> told)
                    .mapNotNull(RedisEntries::traceOf);
        }
    }

    /**
     * Whether the log had this event when this node saw it. What is older than all that the node remembers is taken for
     * the same, if the log went on from the one that it saw.
     */
    private static boolean isSame(Event event, RedisHead head, boolean continued) {
        Event seen = head.ring().get(event.id());
        return seen == null
                ? continued && event.id() < head.ring().bounds().firstId()
                : Arrays.equals(seen.json(), event.json());
    }
}
