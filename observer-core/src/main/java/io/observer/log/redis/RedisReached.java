package io.observer.log.redis;

import io.observer.event.Cursor;
import io.observer.log.LogUnavailableException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Waits for what a reader has seen on another node and this one has yet to hear of. Whether there is such a thing, only
 * Redis can tell.
 */
final class RedisReached {

    private record Waiting(long id, MonoSink<Void> reader) {}

    private final RedisHead head;
    private final RedisLink link;
    private final RedisReads reads;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    RedisReached(RedisHead head, RedisLink link, RedisReads reads) {
        this.head = head;
        this.link = link;
        this.reads = reads;
    }

    /** See {@link io.observer.log.EventLog#reach}. */
    Mono<Void> reach(Cursor cursor) {
        return Mono.defer(() -> {
            if (!cursor.isOf(head.epoch())) {
                return requireEpoch();
            }
            return cursor.id() <= head.last()
                    ? Mono.empty()
                    : reads.last().flatMap(last -> cursor.id() <= last ? inTime(cursor.id()) : Mono.empty());
        });
    }

    /** Another node may have noticed already that Redis has begun an epoch. */
    private Mono<Void> requireEpoch() {
        return reads.epoch()
                .flatMap(epoch ->
                        epoch.equals(head.epoch()) ? Mono.empty() : Mono.error(RedisFault.OTHER_EPOCH.unreadable()));
    }

    private Mono<Void> inTime(long id) {
        return link.answered(until(id))
                .onErrorMap(
                        TimeoutException.class,
                        late -> new LogUnavailableException("this server is behind what Redis has stored; try again"));
    }

    /** Everything up to {@code id} has been handed out. */
    void through(long id) {
        waiting.removeIf(each -> {
            if (each.id() > id) {
                return false;
            }
            each.reader().success();
            return true;
        });
    }

    private Mono<Void> until(long id) {
        return Mono.create(reader -> {
            Waiting mine = new Waiting(id, reader);
            waiting.add(mine);
            reader.onDispose(() -> waiting.remove(mine));
            through(head.last());
        });
    }
}
