package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;
import static io.observer.log.redis.RedisScript.number;

import io.lettuce.core.RedisCommandExecutionException;
import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import io.observer.log.AppendQueue;
import io.observer.log.AppendQueue.Pending;
import io.observer.log.Appended;
import io.observer.log.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Sends what waits to Redis, some batches ahead of its answers, and answers publishers once their events are stored and
 * have come back. What was cut off from its answer is sent again. All but {@link #append} runs on the log's worker.
 */
final class RedisWriter {

    private static final Logger log = LoggerFactory.getLogger(RedisWriter.class);

    /** Whoever has waited so long is told that it did not work: within two seconds, the way there and back included. */
    private static final Duration PATIENCE = Duration.ofMillis(1_800);

    /** Batches that Redis has not answered yet. More would only wait there. */
    private static final int MAX_SENT = RedisKeys.NUMBERS;

    /** A batch that has so many events, or bytes, takes no more appends: Redis does nothing else while it stores one. */
    private static final int MAX_BATCH = 1_000;

    private static final long MAX_BATCH_BYTES = 4L << 20;

    private final String sender = UUID.randomUUID().toString();
    private final RedisLogSettings settings;
    private final RedisKeys keys;
    private final RedisLink link;
    private final RedisHead head;
    private final RedisMetrics metrics;
    private final Ticker ticker;
    private final AppendQueue queue;
    private final Queue<RedisBatch> sent = new ArrayDeque<>();
    private final Queue<Stored> stored = new ArrayDeque<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private @Nullable RedisSession session;
    private long batches;
    private boolean watching;

    RedisWriter(
            RedisLogSettings settings,
            RedisLink link,
            RedisHead head,
            RedisMetrics metrics,
            Ticker ticker,
            int maxQueued) {
        this.settings = settings;
        this.keys = new RedisKeys(settings.prefix());
        this.link = link;
        this.head = head;
        this.metrics = metrics;
        this.ticker = ticker;
        this.queue = new AppendQueue(maxQueued, ticker, () -> link.onWorker(this::send));
    }

    Mono<Appended> append(List<EventDraft> drafts) {
        return Mono.defer(() -> {
            RedisFault away = link.away();
            return away == null || queue.isClosed() ? queue.append(drafts) : Mono.error(away.unstored());
        });
    }

    int queueDepth() {
        return queue.depth();
    }

    /** Completes when everything that was accepted is answered. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            queue.close();
            return drained.asMono();
        });
    }

    void connected(RedisSession fresh) {
        session = fresh;
        sent.forEach(batch -> send(batch, fresh));
        send();
    }

    /** What Redis has answered for is stored; what else was on its way may be. */
    void disconnected() {
        session = null;
        answerThrough(Long.MAX_VALUE);
        sent.forEach(RedisBatch::isCutOff);
    }

    /** What may be stored waits on: Redis will tell, if it is back in time. */
    void away(RedisFault fault) {
        LogUnavailableException reason = fault.unstored();
        for (RedisBatch batch : List.copyOf(sent)) {
            if (!batch.mayBeStored()) {
                sent.remove(batch);
                refuse(batch.appends(), reason);
            }
        }
        for (List<Pending> batch = next(); !batch.isEmpty(); batch = next()) {
            refuse(batch, reason);
        }
        endIfDrained();
    }

    /** Everything up to {@code id} has come back. */
    void answerThrough(long id) {
        while (!stored.isEmpty() && stored.element().lastId() <= id) {
            answer(stored.remove());
        }
        endIfDrained();
    }

    private void send() {
        RedisSession current = session;
        while (current != null && sent.size() < MAX_SENT) {
            List<Pending> appends = next();
            if (appends.isEmpty()) {
                break;
            }
            RedisBatch batch = new RedisBatch(++batches, appends);
            sent.add(batch);
            send(batch, current);
        }
        watch();
        endIfDrained();
    }

    // On newer JDKs NullAway looks at elements too, and loses in a lambda that those of an answer may be null.
    @SuppressWarnings("NullAway")
    private void send(RedisBatch batch, RedisSession current) {
        batch.leaves();
        long start = ticker.nanos();
        link.answered(RedisScript.APPEND.run(current.writes(), keys.ofAppend(sender, batch.number()), arguments(batch)))
                .subscribe(
                        answer -> link.onWorker(() -> {
                            metrics.countAppend(ticker.nanos() - start);
                            stored(batch, answer);
                        }),
                        failure -> link.onWorker(() -> failed(batch, current, failure)));
    }

    private byte[][] arguments(RedisBatch batch) {
        List<byte[]> arguments = new ArrayList<>(List.of(
                bytes(head.epoch()),
                bytes(settings.maxEntries()),
                bytes(keys.jobPrefix()),
                bytes(batch.number()),
                bytes(batch.events())));
        arguments.addAll(batch.arguments());
        return arguments.toArray(byte[][]::new);
    }

    private void stored(RedisBatch batch, List<@Nullable Object> answer) {
        if (!sent.remove(batch)) {
            return;
        }
        link.noteAnswer(null);
        long oldest = number(answer.get(2));
        if (oldest > 0) {
            head.keepsFrom(oldest);
        }
        long mended = number(answer.get(3));
        if (mended > 0) {
            log.error("The counter of ids in Redis was behind the log and was set forward. counter={}", mended);
        }
        stored.add(new Stored(batch, number(answer.get(0)), number(answer.get(1))));
        metrics.redisHas(number(answer.get(1)));
        answerThrough(head.last());
        send();
    }

    private void failed(RedisBatch batch, RedisSession current, Throwable failure) {
        RedisFault fault = RedisFault.of(failure);
        if (failure instanceof RedisCommandExecutionException) {
            batch.comesBack();
        }
        if (fault.isLost()) {
            link.lost(current, fault, failure);
        } else if (sent.remove(batch)) {
            link.noteAnswer(fault);
            refuse(batch.appends(), fault.refusal(failure));
            send();
        }
    }

    /** Looks again when the one who has waited longest has waited long enough. */
    private void watch() {
        Long since = oldest();
        if (since != null && !watching) {
            watching = true;
            link.after(PATIENCE.minusNanos(ticker.nanos() - since), () -> {
                watching = false;
                expire();
                watch();
            });
        }
    }

    private @Nullable Long oldest() {
        if (!stored.isEmpty()) {
            return stored.element().batch().since();
        }
        Pending first =
                sent.isEmpty() ? queue.first() : sent.element().appends().get(0);
        return first == null ? null : first.since();
    }

    private void expire() {
        while (!stored.isEmpty() && isOver(stored.element().batch().since())) {
            answer(stored.remove());
        }
        while (!sent.isEmpty() && isOver(sent.element().since())) {
            RedisBatch batch = sent.remove();
            refuse(batch.appends(), batch.mayBeStored() ? RedisFault.unknown() : RedisFault.SLOW.unstored());
        }
        for (Pending first = queue.first(); first != null && isOver(first.since()); first = queue.first()) {
            refuse(queue.next(1, 1), RedisFault.SLOW.unstored());
        }
        endIfDrained();
    }

    private boolean isOver(long since) {
        return ticker.nanos() - since >= PATIENCE.toNanos();
    }

    private List<Pending> next() {
        return queue.next(MAX_BATCH, MAX_BATCH_BYTES);
    }

    private void refuse(List<Pending> appends, RuntimeException reason) {
        queue.done(appends);
        appends.forEach(pending -> pending.answer().error(reason));
    }

    private void answer(Stored done) {
        queue.done(done.batch().appends());
        long firstId = done.firstId();
        for (Pending pending : done.batch().appends()) {
            long lastId = firstId + pending.drafts().size() - 1;
            pending.answer().success(new Appended(firstId, lastId));
            firstId = lastId + 1;
        }
    }

    private void endIfDrained() {
        if (queue.isClosed() && queue.depth() == 0) {
            drained.tryEmitEmpty();
        }
    }

    /** A batch that Redis has and that has not come back yet. */
    private record Stored(RedisBatch batch, long firstId, long lastId) {}
}
