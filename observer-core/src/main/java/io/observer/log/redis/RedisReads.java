package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.StoredEvents;
import io.observer.log.LogBounds;
import io.observer.log.LogPage;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads from Redis what memory does not have: ranges of the log, or of one job by its index. A few at a time, in steps
 * that are bounded in events, whoever asks for how much.
 */
final class RedisReads {

    /** Events in one step, each at most 256 KiB. */
    private static final int STEP = 128;

    /** Steps under way at a time: together with their size this bounds what reading takes, at 128 MiB. */
    private static final int AT_ONCE = 4;

    /** What the log has at a place: null when that is no event. */
    record Entry(long id, @Nullable Event event) {}

    private final RedisKeys keys;
    private final RedisLink link;
    private final RedisHead head;
    private final Turns turns = new Turns(AT_ONCE);

    RedisReads(RedisKeys keys, RedisLink link, RedisHead head) {
        this.keys = keys;
        this.link = link;
        this.head = head;
    }

    /** See {@link io.observer.log.EventLog#read}. */
    Mono<LogPage> page(long after, EventFilter filter, PageLimit limit) {
        return byIndexOrWhole(filter, job -> page(job, after, filter, limit));
    }

    private Mono<LogPage> page(@Nullable String job, long after, EventFilter filter, PageLimit limit) {
        return Mono.defer(() -> {
            LogBounds bounds = head.bounds();
            RedisPage page = new RedisPage(after, filter, limit, bounds, job == null);
            int step = Math.min(STEP, Math.max(16, limit.events() + 1));
            return Mono.defer(() -> entries(job, page.next(), bounds.lastId(), step, false))
                    .doOnNext(entries -> page.take(entries, entries.size() < step))
                    .repeat(() -> !page.isDone())
                    .then(Mono.fromSupplier(page::page));
        });
    }

    /** See {@link io.observer.log.EventLog#positionBeforeLast}. */
    Mono<Long> positionBeforeLast(int count, EventFilter filter) {
        return byIndexOrWhole(filter, job -> positionBeforeLast(job, count, filter));
    }

    private Mono<Long> positionBeforeLast(@Nullable String job, int count, EventFilter filter) {
        return Mono.defer(() -> {
            LogBounds bounds = head.bounds();
            RedisLookBack search = new RedisLookBack(count, filter, bounds, job == null);
            int step = Math.min(STEP, Math.max(16, count));
            return Mono.defer(() -> entries(job, bounds.firstId(), search.next(), step, true))
                    .doOnNext(entries -> search.take(entries, entries.size() < step))
                    .repeat(() -> !search.isDone())
                    .then(Mono.fromSupplier(search::position));
        });
    }

    /** The epoch that the log has in Redis. */
    Mono<String> epoch() {
        return asked(session -> Mono.fromFuture(
                        () -> session.reads().async().get(keys.epoch()).toCompletableFuture()))
                .map(RedisScript::text)
                .defaultIfEmpty("");
    }

    /** The newest id that Redis has given. */
    Mono<Long> last() {
        return asked(session -> Mono.fromFuture(
                        () -> session.reads().async().get(keys.last()).toCompletableFuture()))
                .map(last -> Long.parseLong(RedisScript.text(last)))
                .defaultIfEmpty(0L);
    }

    /** Reads by the index of the only job that is wanted, or all of the log when there is none to trust. */
    private static <T> Mono<T> byIndexOrWhole(EventFilter filter, Function<@Nullable String, Mono<T>> read) {
        String only = filter.jobs().size() == 1 ? filter.jobs().iterator().next() : null;
        Mono<T> whole = Mono.defer(() -> read.apply(null));
        return only == null || only.isEmpty()
                ? whole
                : read.apply(only).onErrorResume(LostIndexException.class, lost -> whole);
    }

    private Mono<List<Entry>> entries(@Nullable String job, long from, long to, int count, boolean backwards) {
        if (from > to) {
            return Mono.just(List.of());
        }
        return job == null ? ofLog(from, to, count, backwards) : ofJob(job, from, to, count, backwards);
    }

    private Mono<List<Entry>> ofLog(long from, long to, int count, boolean backwards) {
        Range<String> range = Range.create(RedisEntries.streamId(from), RedisEntries.streamId(to));
        Limit limit = Limit.from(count);
        return asked(session -> Mono.fromFuture(() -> (backwards
                                ? session.reads().async().xrevrange(keys.log(), range, limit)
                                : session.reads().async().xrange(keys.log(), range, limit))
                        .toCompletableFuture()))
                .map(found -> found.stream().map(RedisReads::entryOf).toList());
    }

    private static Entry entryOf(StreamMessage<String, byte[]> found) {
        return new Entry(RedisEntries.idOf(found), RedisEntries.eventOf(found));
    }

    private Mono<List<Entry>> ofJob(String job, long from, long to, int count, boolean backwards) {
        return asked(session -> RedisScript.JOB.run(
                        session.reads(),
                        new String[] {keys.log(), keys.job(job), keys.jobs()},
                        bytes(RedisEntries.streamId(backwards ? to : from)),
                        bytes(RedisEntries.streamId(backwards ? from : to)),
                        bytes(count),
                        bytes(backwards ? "rev" : ""),
                        bytes(job)))
                .map(RedisReads::entriesOf);
    }

    private static List<Entry> entriesOf(List<@Nullable Object> told) {
        if (told.size() == 1) {
            throw new LostIndexException();
        }
        List<Entry> entries = new ArrayList<>(told.size() / 2);
        for (int n = 0; n + 1 < told.size(); n += 2) {
            long id = RedisScript.number(told.get(n));
            entries.add(new Entry(id, told.get(n + 1) instanceof byte[] json ? StoredEvents.read(id, json) : null));
        }
        return entries;
    }

    /** Asks a question of Redis, or says at once that it is away. */
    private <T> Mono<T> asked(Function<RedisSession, Mono<T>> question) {
        return turns.take(Mono.defer(() -> {
            RedisSession session = link.session();
            if (session == null) {
                RedisFault away = link.away();
                return Mono.error((away == null ? RedisFault.RECONNECTING : away).unreadable());
            }
            return link.answered(question.apply(session)).onErrorMap(failure -> failed(session, failure));
        }));
    }

    /** The index of a job does not tell of all its events. */
    private static final class LostIndexException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LostIndexException() {
            super("the index of a job is lost", null, false, false);
        }
    }

    private LogUnavailableException failed(RedisSession session, Throwable failure) {
        RedisFault fault = RedisFault.of(failure);
        if (fault.isLost()) {
            link.lost(session, fault, failure);
        }
        return fault.unreadable();
    }
}
