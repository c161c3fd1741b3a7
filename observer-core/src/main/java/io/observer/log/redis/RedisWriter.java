package io.observer.log.redis;

import static io.observer.log.redis.RedisScript.bytes;
import static io.observer.log.redis.RedisScript.number;

import io.observer.event.EventDraft;
import io.observer.event.EventNames;
import io.observer.event.Ticker;
import io.observer.log.AppendQueue;
import io.observer.log.AppendQueue.Pending;
import io.observer.log.Appended;
import io.observer.log.LogUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Sends what waits to Redis, some batches ahead of its answers, and answers publishers once their events are stored and
 * have come back. All but {@link #append} runs on the log's worker.
 */
final class RedisWriter {

    private static final Logger log = LoggerFactory.getLogger(RedisWriter.class);

    /** Batches that Redis has not answered yet. More would only wait there. */
    private static final int MAX_SENT = 4;

    /** Events, and bytes, of one batch: Redis does nothing else while it stores one. */
    private static final int MAX_BATCH = 1_000;

    private static final long MAX_BATCH_BYTES = 4L << 20;

    private final RedisLogSettings settings;
    private final RedisKeys keys;
    private final RedisLink link;
    private final RedisHead head;
    private final RedisMetrics metrics;
    private final Ticker ticker;
    private final AppendQueue queue;
    private final Queue<List<Pending>> sent = new ArrayDeque<>();
    private final Queue<Stored> stored = new ArrayDeque<>();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private @Nullable RedisSession session;

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
        this.queue = new AppendQueue(maxQueued, () -> link.onWorker(this::send));
    }

    Mono<Appended> append(List<EventDraft> drafts) {
        return Mono.defer(() -> {
            RedisFault away = link.away();
            return away == null || queue.isClosed()
                    ? queue.append(drafts)
                    : Mono.error(new LogUnavailableException(
                            "Redis " + away.sentence() + "; nothing was stored, try again"));
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
        send();
    }

    /** What was sent may have been stored, and nobody will say; what Redis has answered for is stored. */
    void disconnected() {
        session = null;
        answerThrough(Long.MAX_VALUE);
        while (!sent.isEmpty()) {
            refuse(
                    sent.remove(),
                    new LogUnavailableException(
                            "Redis went away before it answered; whether these" + " events were stored is not known"));
        }
        endIfDrained();
    }

    void away(RedisFault fault) {
        LogUnavailableException reason =
                new LogUnavailableException("Redis " + fault.sentence() + "; nothing was stored, try again");
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
            List<Pending> batch = next();
            if (batch.isEmpty()) {
                break;
            }
            send(batch, current);
        }
        endIfDrained();
    }

    private void send(List<Pending> batch, RedisSession current) {
        sent.add(batch);
        long start = ticker.nanos();
        link.answered(RedisScript.APPEND.run(current.writes(), keys.ofAppend(), arguments(batch)))
                .subscribe(
                        answer -> link.onWorker(() -> {
                            metrics.countAppend(ticker.nanos() - start);
                            stored(batch, answer);
                        }),
                        failure -> link.onWorker(() -> failed(batch, current, failure)));
    }

    private byte[][] arguments(List<Pending> batch) {
        List<byte[]> arguments = new ArrayList<>();
        Map<String, Map<String, Integer>> said = new LinkedHashMap<>();
        int place = 0;
        for (Pending pending : batch) {
            for (EventDraft draft : pending.drafts()) {
                arguments.add(bytes(draft.jobId()));
                arguments.add(draft.members());
                if (EventNames.isJobEvent(draft.name()) && !draft.jobId().isEmpty()) {
                    said.computeIfAbsent(draft.jobId(), job -> new LinkedHashMap<>())
                            .put(draft.name(), place);
                }
                place++;
            }
        }
        said.forEach((job, names) -> names.forEach((name, at) -> {
            arguments.add(bytes(job));
            arguments.add(bytes(name));
            arguments.add(bytes(at));
        }));
        arguments.addAll(
                0, List.of(bytes(head.epoch()), bytes(settings.maxEntries()), bytes(keys.jobPrefix()), bytes(place)));
        return arguments.toArray(byte[][]::new);
    }

    private void stored(List<Pending> batch, List<@Nullable Object> answer) {
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
        answerThrough(head.last());
        send();
    }

    private void failed(List<Pending> batch, RedisSession current, Throwable failure) {
        RedisFault fault = RedisFault.of(failure);
        if (fault.isLost()) {
            link.lost(current, fault, failure);
        } else if (sent.remove(batch)) {
            link.noteAnswer(fault);
            refuse(batch, fault.refusal(failure));
            send();
        }
    }

    private List<Pending> next() {
        return queue.next(MAX_BATCH, MAX_BATCH_BYTES);
    }

    private void refuse(List<Pending> batch, RuntimeException reason) {
        queue.done(batch);
        batch.forEach(pending -> pending.answer().error(reason));
    }

    private void answer(Stored done) {
        queue.done(done.batch());
        long firstId = done.firstId();
        for (Pending pending : done.batch()) {
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
    private record Stored(List<Pending> batch, long firstId, long lastId) {}
}
