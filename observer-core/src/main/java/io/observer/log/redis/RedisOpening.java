package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.StreamMessage;
import io.observer.event.Event;
import io.observer.log.JobTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the connections, finds the log, and finds out whether it is still the one that this node has seen. */
final class RedisOpening {

    private static final Logger log = LoggerFactory.getLogger(RedisOpening.class);

    private static final String EVICTION = "maxmemory-policy";

    /** Events compared, and jobs asked for, at a time. */
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

    RedisOpening(RedisConnector connector, RedisKeys keys, Supplier<String> newEpoch, int maxJobs) {
        this.connector = connector;
        this.keys = keys;
        this.newEpoch = newEpoch;
        this.maxJobs = maxJobs;
    }

    /** @param head what this node has seen; null when it has just started */
    Mono<Opened> open(@Nullable RedisHead head) {
        return Mono.defer(() -> {
            RedisSession session = new RedisSession();
            return connect(session)
                    .then(requireMaster(session))
                    .then(Mono.defer(() -> join(session, head, false)))
                    .flatMap(life -> head == null ? begin(session, life) : goOn(session, life, head))
                    .doOnError(failure -> session.close())
                    .doOnCancel(session::close);
        });
    }

    private Mono<Void> connect(RedisSession session) {
        return connector
                .locate()
                .flatMapMany(server -> Flux.range(0, 3).concatMap(each -> connector.connect(server)))
                .doOnNext(session::add)
                .then();
    }

    private static Mono<Void> requireMaster(RedisSession session) {
        return Mono.fromFuture(() -> session.writes().async().role().toCompletableFuture())
                .flatMap(role -> "master".equals(RedisScript.text(role.get(0)))
                        ? Mono.empty()
                        : Mono.error(new RedisReadOnlyException("READONLY as its role says")));
    }

    private Mono<RedisLife> join(RedisSession session, @Nullable RedisHead head, boolean forked) {
        return RedisScript.JOIN
                .run(
                        session.writes(),
                        keys.ofJoin(),
                        bytes(newEpoch.get()),
                        bytes(head == null ? "" : head.epoch()),
                        bytes(head == null ? 0 : head.last()),
                        bytes(forked ? 1 : 0))
                .map(RedisLife::of);
    }

    private Mono<Opened> begin(RedisSession session, RedisLife life) {
        return warnOfEviction(session).then(jobs(session)).map(jobs -> new Opened(session, life, null, jobs));
    }

    /** A user that may not ask is not warned. */
    private Mono<Void> warnOfEviction(RedisSession session) {
        return Mono.fromFuture(
                        () -> session.writes().async().configGet(EVICTION).toCompletableFuture())
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

    private Mono<Opened> goOn(RedisSession session, RedisLife life, RedisHead head) {
        if (!life.epoch().equals(head.epoch())) {
            return fork(session, life, head);
        }
        Event newest = head.ring().get(head.last());
        if (newest == null) {
            return Mono.just(new Opened(session, life, null, null));
        }
        // Others may have gone on with a log that had lost what this node has seen: then the ids are right, and what
        // stands under them is not.
        return range(session, newest.id(), newest.id())
                .any(event -> !Arrays.equals(event.json(), newest.json()))
                .flatMap(other -> other
                        ? join(session, head, true).flatMap(renewed -> fork(session, renewed, head))
                        : Mono.just(new Opened(session, life, null, null)));
    }

    private Mono<Opened> fork(RedisSession session, RedisLife life, RedisHead head) {
        return range(session, life.first(), head.last())
                .filter(event -> isKnown(event, head))
                .next()
                .map(Event::id)
                .defaultIfEmpty(life.first() - 1)
                .flatMap(fork ->
                        jobs(session).map(jobs -> new Opened(session, life, Math.min(fork, head.last()), jobs)));
    }

    /** What is older than all that this node remembers is taken for the same. */
    private static boolean isKnown(Event event, RedisHead head) {
        Event seen = head.ring().get(event.id());
        return seen == null ? event.id() < head.ring().bounds().firstId() : Arrays.equals(seen.json(), event.json());
    }

    /** The events from {@code last} back to {@code first}. */
    private Flux<Event> range(RedisSession session, long first, long last) {
        return step(session, first, last)
                .expand(step -> step.size() < STEP
                        ? Mono.empty()
                        : step(session, first, RedisEntries.idOf(step.get(step.size() - 1)) - 1))
                .concatMap(step -> Flux.fromIterable(step).mapNotNull(RedisEntries::eventOf));
    }

    private Mono<List<StreamMessage<String, byte[]>>> step(RedisSession session, long first, long last) {
        return Mono.fromFuture(() -> session.reads()
                .async()
                .xrevrange(
                        keys.log(),
                        Range.create(RedisEntries.streamId(first), RedisEntries.streamId(last)),
                        Limit.from(STEP))
                .toCompletableFuture());
    }

    private Mono<List<JobTrace>> jobs(RedisSession session) {
        return Flux.range(0, (maxJobs + STEP - 1) / STEP)
                .concatMap(step -> RedisScript.JOBS.run(
                        session.reads(),
                        new String[] {keys.log(), keys.jobs()},
                        bytes(keys.jobPrefix()),
                        bytes(step * (long) STEP),
                        bytes(STEP)))
                .takeUntil(told -> told.size() < STEP)
                .collect(
                        ArrayList::new,
                        (all, told) -> told.stream()
                                .map(RedisEntries::traceOf)
                                .filter(trace -> trace != null)
                                .forEach(all::add));
    }
}
