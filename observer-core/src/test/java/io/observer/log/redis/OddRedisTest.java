package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.KillArgs;
import io.lettuce.core.ScriptOutputType;
import io.observer.job.JobDirectory;
import io.observer.job.JobState;
import io.observer.job.JobSummary;
import io.observer.log.Appended;
import io.observer.log.LogOpenException;
import io.observer.log.LogSetup;
import io.observer.log.LogStorageException;
import io.observer.log.ManualTicker;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A log whose Redis answers oddly")
class OddRedisTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    /** Scripts are told apart by how many keys they have. */
    private static final int JOIN = 5;

    private static final int APPEND = 6;

    private static final int JOBS = 2;

    private static final RedisKeys KEYS = new RedisKeys("observer");

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
    void does_not_open_while_it_is_loading_and_says_so() {
        odd.says(command ->
                command.get(0).equals("HELLO") ? "-LOADING Redis is loading the dataset in memory\r\n" : null);

        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(this::open)
                .withMessageMatching("Redis at 127.0.0.1:\\d+ is still loading its data");
    }

    @Test
    void does_not_open_when_a_key_is_something_else_and_says_so() {
        odd.saysToScripts(JOIN, "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", 1);

        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(this::open)
                .withMessageContaining("choose another observer.redis.prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist on disk.\r\n",
                "-NOREPLICAS Not enough good replicas to write.\r\n",
                "-ERR a kind of error that nobody has seen yet\r\n",
                "*0\r\n",
                ":7\r\n",
                "$-1\r\n",
            })
    void refuses_what_redis_refuses_and_takes_the_next(String answer) {
        RedisEventLog log = open();
        odd.saysToScripts(APPEND, answer, 1);

        assertThatExceptionOfType(LogStorageException.class)
                .isThrownBy(() -> append(log, 2))
                .withMessageContaining("nothing was stored");

        assertThat(append(log, 3)).isEqualTo(new Appended(1, 3));
        assertThat(output.ids()).containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-READONLY You can't write against a read only replica.\r\n",
                "-MOVED 866 127.0.0.1:1\r\n",
                "-ASK 866 127.0.0.1:1\r\n",
                "-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
                "-CLUSTERDOWN The cluster is down\r\n",
                "-EPOCH is other\r\n",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
            })
    void connects_anew_and_asks_again_when_redis_is_not_the_one_to_ask(String answer) {
        RedisEventLog log = open();
        odd.saysToScripts(APPEND, answer, 1);

        assertThat(append(log, 2)).isEqualTo(new Appended(1, 2));
        assertThat(log.metrics().reconnects()).isEqualTo(1);
        assertThat(output.ids()).containsExactly(1L, 2L);
    }

    @Test
    void sends_a_script_in_full_that_redis_has_forgotten() {
        RedisEventLog log = open();
        odd.saysToScripts(APPEND, "-NOSCRIPT No matching script. Please use EVAL.\r\n", 1);

        assertThat(append(log, 2)).isEqualTo(new Appended(1, 2));
        assertThat(output.ids()).containsExactly(1L, 2L);
    }

    @Test
    void tells_of_its_jobs_before_their_next_events_and_counts_none_twice() {
        RedisEventLog other = logs.open(
                OpenLogs.patient(redis.url(), "observer"),
                new LogSetup(Retention.DEFAULT, new ManualTicker(), writing, 10_000, new RecordedOutput()));
        append(other, 3);
        JobDirectory jobs = new JobDirectory(100);
        odd.says(command -> {
            if (OddRedis.isScript(command, JOBS)) {
                other.append(List.of(draft(BUILD, "job.completed"))).block(LONG_ENOUGH);
            }
            return null;
        });

        RedisEventLog log = logs.open(
                OpenLogs.patient(odd.url(), "observer"),
                new LogSetup(Retention.DEFAULT, new ManualTicker(), writing, 10_000, output),
                jobs::restore,
                jobs::accept);
        append(other, 1);
        Awaitility.await().atMost(LONG_ENOUGH).until(() -> log.bounds().lastId() == 5);

        JobSummary build = jobs.find(BUILD).orElseThrow();
        assertThat(build.events()).isEqualTo(5);
        assertThat(build.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void reads_all_of_a_log_that_another_node_has_begun_after_everything_was_flushed() {
        LogSetup setup = new LogSetup(Retention.DEFAULT, new ManualTicker(), writing, 10_000, new RecordedOutput());
        RedisEventLog first = logs.open(OpenLogs.patient(redis.url(), "observer"), setup);
        append(first, 10);
        RedisEventLog late = open();
        RecordedListener listener = new RecordedListener();
        late.listen(listener);
        odd.says(command -> OddRedis.COMMAND_LOST);
        Awaitility.await().atMost(LONG_ENOUGH).until(late::isStale);
        first.abandon();
        redis.call("FLUSHALL");
        append(logs.open(OpenLogs.patient(redis.url(), "observer"), setup), 3);

        odd.says(command -> null);
        Awaitility.await().atMost(LONG_ENOUGH).until(() -> !late.isStale());

        assertThat(listener.heard()).containsExactly("redis away", "rewound to 0, gap epoch", "redis back");
        Awaitility.await().atMost(LONG_ENOUGH).until(() -> output.ids().equals(List.of(1L, 2L, 3L)));
    }

    @Test
    void has_time_for_each_of_many_answers_when_it_finds_its_jobs_anew() {
        RedisEventLog log = open();
        log.append(IntStream.range(0, 1_000)
                        .mapToObj(n -> line("job-" + n, "a"))
                        .toList())
                .block(LONG_ENOUGH);
        String epoch = log.epoch();
        AtomicInteger asked = new AtomicInteger();
        odd.says(command -> {
            if (OddRedis.isScript(command, JOBS)) {
                asked.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
            }
            return null;
        });

        RedisProcess.asked(redis.url(), commands -> {
            commands.xdel(KEYS.log(), "1000-0");
            commands.set(KEYS.last(), "999");
            commands.eval("redis.call('XSETID', KEYS[1], '999-0') return 1", ScriptOutputType.INTEGER, KEYS.log());
            return commands.clientKill(KillArgs.Builder.typeNormal().skipme());
        });

        Awaitility.await().atMost(LONG_ENOUGH).until(() -> !log.epoch().equals(epoch) && !log.isStale());
        assertThat(asked.get()).isGreaterThanOrEqualTo(9);
    }

    private RedisEventLog open() {
        return logs.open(
                OpenLogs.impatient(odd.url(), "observer"),
                new LogSetup(Retention.DEFAULT, new ManualTicker(), writing, 10_000, output));
    }

    private static Appended append(RedisEventLog log, int count) {
        return log.append(lines(count)).block(LONG_ENOUGH);
    }
}
