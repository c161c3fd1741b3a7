package io.observer.log.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.observer.event.Event;
import io.observer.log.EventOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Waits at the end of the log for what any node has stored, and hands it out in the log's order. One question is always
 * under way; while its answer is handed out, so is the next. Runs on the log's worker.
 */
final class RedisFollower {

    private static final Logger log = LoggerFactory.getLogger(RedisFollower.class);

    /** How long Redis keeps a question when there is nothing new. */
    private static final Duration BLOCK = Duration.ofSeconds(1);

    /** Events in one answer: at most 64 MiB, twice, should all of them be as large as events may be. */
    private static final int MAX_EVENTS = 256;

    private final String stream;
    private final RedisLink link;
    private final RedisHead head;
    private final RedisMetrics metrics;
    private final EventOutput output;
    private final LongConsumer reached;
    private @Nullable RedisSession session;

    /** @param reached hears up to where events were handed out */
    RedisFollower(
            RedisKeys keys,
            RedisLink link,
            RedisHead head,
            RedisMetrics metrics,
            EventOutput output,
            LongConsumer reached) {
        this.stream = keys.log();
        this.link = link;
        this.head = head;
        this.metrics = metrics;
        this.output = output;
        this.reached = reached;
    }

    void connected(RedisSession fresh) {
        session = fresh;
        ask(fresh, RedisEntries.streamId(head.last()));
    }

    void disconnected() {
        session = null;
    }

    private void ask(RedisSession current, String after) {
        Mono.fromFuture(() -> current.news()
                        .async()
                        .xread(XReadArgs.Builder.block(BLOCK).count(MAX_EVENTS), StreamOffset.from(stream, after))
                        .toCompletableFuture())
                .as(asked -> link.answered(asked, BLOCK))
                .subscribe(
                        entries -> link.onWorker(() -> heard(current, after, entries)),
                        failure -> link.lost(current, RedisFault.of(failure), failure));
    }

    private void heard(RedisSession current, String after, List<StreamMessage<String, byte[]>> entries) {
        if (session != current) {
            return;
        }
        ask(current, entries.isEmpty() ? after : entries.get(entries.size() - 1).getId());
        List<Event> run = new ArrayList<>(entries.size());
        long next = head.last() + 1;
        for (StreamMessage<String, byte[]> entry : entries) {
            Event event = RedisEntries.eventOf(entry);
            if (event == null) {
                metrics.countUnreadable();
                log.warn("An entry of the log in Redis holds no event and is passed over. id={}", entry.getId());
                continue;
            }
            if (event.id() != next) {
                handOut(run);
                run = new ArrayList<>();
                skipTo(event.id());
            }
            run.add(event);
            next = event.id() + 1;
        }
        handOut(run);
    }

    /** Ids are missing before {@code id}: readers find that out for themselves, from where they stand. */
    private void skipTo(long id) {
        log.warn("Events are missing in the log in Redis. from={} to={}", head.last() + 1, id - 1);
        head.skipTo(id);
        link.listener().rewound(Long.MAX_VALUE, null, null);
    }

    private void handOut(List<Event> run) {
        if (run.isEmpty()) {
            return;
        }
        head.add(run);
        try {
            output.accept(run);
        } catch (RuntimeException failure) {
            log.error(
                    "The output failed on stored events. first_id={} count={}",
                    run.get(0).id(),
                    run.size(),
                    failure);
        }
        reached.accept(head.last());
    }
}
