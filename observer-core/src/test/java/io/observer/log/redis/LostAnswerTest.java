package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.LogSetup;
import io.observer.log.LogUnavailableException;
import io.observer.log.ManualTicker;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

@DisplayName("A batch whose answer does not come")
class LostAnswerTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final int KEYS_OF_APPEND = 6;

    private final RedisProcess redis = RedisProcess.with();
    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final RecordedOutput output = new RecordedOutput();
    private OddRedis odd;

    @BeforeEach
    void stand_before_redis() throws IOException {
        odd = new OddRedis(redis.port());
    }

    @AfterEach
    void close() {
        logs.close();
        odd.close();
        writing.dispose();
        redis.close();
    }

    @Test
    void is_stored_once_and_its_publisher_is_told_the_ids_that_it_has() {
        RedisEventLog log = open(Ticker.system(), Schedulers.parallel());
        append(log, 1);
        odd.saysToScripts(KEYS_OF_APPEND, OddRedis.ANSWER_LOST, 1);

        assertThat(append(log, 2)).isEqualTo(new Appended(2, 3));
        assertThat(append(log, 1)).isEqualTo(new Appended(4, 4));

        assertThat(output.ids()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void is_stored_once_however_often_connections_break_with_batches_under_way() {
        RedisEventLog log = open(Ticker.system(), Schedulers.parallel());
        AtomicInteger scripts = new AtomicInteger();
        odd.says(command -> !OddRedis.isScript(command, KEYS_OF_APPEND)
                ? null
                : switch (scripts.incrementAndGet() % 10) {
                    case 4 -> OddRedis.ANSWER_LOST;
                    case 8 -> OddRedis.COMMAND_LOST;
                    default -> null;
                });

        Map<String, Long> told = new ConcurrentHashMap<>();
        Flux.range(0, 200)
                .map(n -> "text " + n)
                .flatMap(
                        text -> log.append(List.of(line(BUILD, text)))
                                .doOnNext(stored -> told.put(text, stored.firstId())),
                        16)
                .blockLast(LONG_ENOUGH);

        assertThat(log.metrics().reconnects()).isPositive();
        assertThat(output.ids()).doesNotHaveDuplicates().hasSize(200).isSorted();
        for (Event event : output.events()) {
            assertThat(told).containsEntry(event.jsonText().replaceAll(".*\"(text \\d+)\".*", "$1"), event.id());
        }
    }

    @Test
    void is_not_stored_by_a_copy_of_it_that_arrives_late() {
        RedisEventLog log = open(Ticker.system(), Schedulers.parallel());
        List<String> copy = new ArrayList<>();
        odd.says(command -> {
            if (OddRedis.isScript(command, KEYS_OF_APPEND) && copy.isEmpty()) {
                copy.addAll(command);
            }
            return null;
        });
        append(log, 2);

        Object answer = RedisProcess.asked(
                redis.url(),
                commands -> commands.evalsha(
                        copy.get(1),
                        ScriptOutputType.MULTI,
                        copy.subList(3, 3 + KEYS_OF_APPEND).toArray(String[]::new),
                        copy.subList(3 + KEYS_OF_APPEND, copy.size()).toArray(String[]::new)));

        assertThat(answer).isEqualTo(Arrays.asList(1L, 2L, 0L, 0L));
        assertThat(append(log, 1)).isEqualTo(new Appended(3, 3));
        assertThat(output.ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void is_refused_within_two_seconds_and_so_is_what_waits_behind_it() {
        ManualTicker ticker = new ManualTicker();
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        RedisEventLog log = open(ticker, time);
        append(log, 1);
        AtomicInteger sent = new AtomicInteger();
        odd.says(command -> {
            if (!OddRedis.isScript(command, KEYS_OF_APPEND)) {
                return null;
            }
            sent.incrementAndGet();
            return OddRedis.SILENCE;
        });

        List<CompletableFuture<Appended>> underWay = new ArrayList<>();
        for (int n = 1; n <= RedisKeys.NUMBERS; n++) {
            underWay.add(log.append(lines(1)).toFuture());
            awaitEqual(sent, n);
        }
        CompletableFuture<Appended> waiting = log.append(lines(1)).toFuture();
        pass(ticker, time, Duration.ofMillis(800));
        awaitEqual(sent, 2 * RedisKeys.NUMBERS);
        pass(ticker, time, Duration.ofMillis(999));
        assertThat(underWay).noneMatch(CompletableFuture::isDone);
        assertThat(waiting).isNotDone();
        pass(ticker, time, Duration.ofMillis(1));

        for (CompletableFuture<Appended> each : underWay) {
            assertThat(refusal(each)).contains("whether these events were stored is not known");
        }
        assertThat(refusal(waiting)).contains("nothing was stored");
    }

    private static void pass(ManualTicker ticker, VirtualTimeScheduler time, Duration duration) {
        ticker.advance(duration);
        time.advanceTimeBy(duration);
    }

    private static void awaitEqual(AtomicInteger counter, int expected) {
        Awaitility.await()
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(counter).hasValue(expected));
    }

    private static String refusal(CompletableFuture<Appended> answer) {
        try {
            return "stored: " + answer.get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            assertThat(refused.getCause()).isInstanceOf(LogUnavailableException.class);
            return refused.getCause().getMessage();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private RedisEventLog open(Ticker ticker, Scheduler timer) {
        return logs.open(
                OpenLogs.impatient(odd.url(), "observer"),
                new LogSetup(Retention.DEFAULT, ticker, writing, 10_000, output),
                timer);
    }

    private static Appended append(RedisEventLog log, int count) {
        List<EventDraft> drafts = lines(count);
        return log.append(drafts).block(LONG_ENOUGH);
    }
}
