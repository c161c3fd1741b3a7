package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.KillArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.JobTrace;
import io.observer.log.LogBounds;
import io.observer.log.LogOpenException;
import io.observer.log.LogSetup;
import io.observer.log.LogStorageException;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A log whose Redis goes away, or comes back as another")
class RedisAwayTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final RedisKeys KEYS = new RedisKeys("observer");

    private final RedisProcess redis = RedisProcess.with();
    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final RecordedOutput output = new RecordedOutput();
    private final RecordedListener listener = new RecordedListener();
    private RedisEventLog log;

    @BeforeEach
    void open() {
        log = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(output));
        log.listen(listener);
    }

    @AfterEach
    void close() {
        logs.close();
        writing.dispose();
        redis.close();
    }

    @Test
    void refuses_events_answers_from_memory_and_says_that_it_is_stale() {
        append(3);

        redis.kill();
        await().until(log::isStale);

        assertThatExceptionOfType(LogUnavailableException.class)
                .isThrownBy(() -> append(1))
                .withMessageContaining("nothing was stored");
        assertThat(log.read(1, EventFilter.all(), PageLimit.of(10)).block().events())
                .hasSize(2);
        assertThat(log.health().fault()).isEqualTo("Redis at 127.0.0.1:" + redis.port() + " cannot be reached");
        assertThat(listener.heard()).containsExactly("redis away");
    }

    @Test
    void says_of_what_memory_does_not_have_that_it_cannot_be_read() {
        append(3);
        RedisEventLog later = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));

        redis.kill();
        await().until(later::isStale);

        assertThatExceptionOfType(LogUnavailableException.class)
                .isThrownBy(
                        () -> later.read(0, EventFilter.all(), PageLimit.of(10)).block())
                .withMessageContaining("not in memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"frozen", "paused"})
    void goes_on_without_hole_or_repeat_when_a_silent_redis_answers_again(String how) {
        append(3);
        String epoch = log.epoch();

        if (how.equals("frozen")) {
            redis.freeze();
        } else {
            administer(commands -> commands.clientPause(3_000));
        }
        assertThatExceptionOfType(LogUnavailableException.class).isThrownBy(() -> append(1));
        await().until(log::isStale);
        redis.thaw();
        await().until(() -> !log.isStale());
        append(2);

        assertThat(log.epoch()).isEqualTo(epoch);
        long last = log.bounds().lastId();
        // What was sent into the silence may have been stored: its publisher was told that nobody knows.
        assertThat(last).isBetween(5L, 6L);
        assertThat(output.ids()).isEqualTo(ids(1, last));
        assertThat(listener.heard()).containsExactly("redis away", "redis back");
    }

    @Test
    void takes_a_redis_that_was_started_empty_for_a_new_log_whose_ids_go_on() {
        append(3);
        String epoch = log.epoch();

        redis.kill();
        await().until(log::isStale);
        redis.start();
        await().until(() -> !log.isStale());

        assertThat(log.epoch()).isNotEqualTo(epoch);
        assertThat(log.bounds()).isEqualTo(new LogBounds(4, 3));
        assertThat(append(1)).isEqualTo(new Appended(4, 4));
        assertThat(output.ids()).isEqualTo(ids(1, 4));
        assertThat(listener.heard()).containsExactly("redis away", "rewound to 3, gap epoch", "redis back");
    }

    @Test
    void goes_back_to_where_the_log_is_the_same_when_a_failover_lost_the_newest() {
        append(3);
        String epoch = log.epoch();

        administer(commands -> {
            commands.xdel(KEYS.log(), "2-0", "3-0");
            commands.set(KEYS.last(), "1");
            commands.eval("redis.call('XSETID', KEYS[1], '1-0') return 1", ScriptOutputType.INTEGER, KEYS.log());
            commands.clientKill(KillArgs.Builder.typeNormal().skipme());
        });
        await().until(() -> !log.epoch().equals(epoch));

        assertThat(listener.heard()).containsExactly("rewound to 1, gap epoch");
        assertThat(append(1)).as("ids are never given twice").isEqualTo(new Appended(4, 4));
        assertThat(log.read(1, EventFilter.all(), PageLimit.of(10)).block().gap())
                .isEqualTo(new Gap(Gap.Reason.EVICTED, 2L, 3L, 2L));
    }

    @Test
    void notices_that_others_went_on_with_a_log_that_had_lost_the_newest() {
        append(3);
        String epoch = log.epoch();

        administer(commands -> {
            String other = new String(line(BUILD, "of another").members());
            commands.xdel(KEYS.log(), "3-0");
            commands.eval("redis.call('XSETID', KEYS[1], '2-0') return 1", ScriptOutputType.INTEGER, KEYS.log());
            commands.xadd(KEYS.log(), new XAddArgs().id("3-0"), "e", other);
            commands.clientKill(KillArgs.Builder.typeNormal().skipme());
        });
        await().until(() -> !log.epoch().equals(epoch));
        append(1);

        assertThat(listener.heard()).containsExactly("rewound to 2, gap epoch");
        assertThat(output.events().get(3).jsonText()).contains("\"id\":3,").contains("of another");
        assertThat(output.ids()).containsExactly(1L, 2L, 3L, 3L, 4L);
    }

    @Test
    void notices_that_everything_was_flushed_under_its_connections() {
        append(3);
        String epoch = log.epoch();

        administer(RedisCommands::flushall);
        await().until(() -> !log.epoch().equals(epoch));

        assertThat(append(1)).isEqualTo(new Appended(4, 4));
        assertThat(listener.heard()).contains("rewound to 3, gap epoch").doesNotContain("redis away");
    }

    @Test
    void waits_for_a_master_when_its_redis_has_become_a_replica() {
        append(3);
        String epoch = log.epoch();

        administer(commands -> commands.replicaof("127.0.0.1", 1));
        assertThatExceptionOfType(LogUnavailableException.class).isThrownBy(() -> append(1));
        await().until(log::isStale);
        assertThat(log.health().fault()).contains("is a replica, which takes no writes");
        administer(RedisCommands::replicaofNoOne);
        await().until(() -> !log.isStale());

        assertThat(append(1)).isEqualTo(new Appended(4, 4));
        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(output.ids()).isEqualTo(ids(1, 4));
    }

    @Test
    void sets_a_counter_forward_that_is_behind_the_log() {
        append(3);

        administer(commands -> commands.set(KEYS.last(), "1"));

        assertThat(append(2)).isEqualTo(new Appended(4, 5));
        assertThat(append(1)).isEqualTo(new Appended(6, 6));
        assertThat(output.ids()).isEqualTo(ids(1, 6));
    }

    @Test
    void sets_a_counter_forward_that_is_behind_a_log_of_which_nothing_is_left() {
        append(3);

        administer(commands -> {
            commands.xtrim(KEYS.log(), 0);
            commands.del(KEYS.last());
        });
        RedisEventLog later = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));
        administer(commands -> commands.del(KEYS.last()));

        assertThat(later.bounds()).isEqualTo(new LogBounds(4, 3));
        assertThat(append(2)).isEqualTo(new Appended(4, 5));
        assertThat(append(1)).isEqualTo(new Appended(6, 6));
    }

    @Test
    void takes_what_is_too_old_while_redis_is_out_of_memory() {
        RedisLogSettings brief = new RedisLogSettings(
                redis.url(), null, null, "brief", 1_000, Duration.ofSeconds(1), Duration.ofMillis(800));
        RedisEventLog old = logs.open(brief, setup(new RecordedOutput()));
        old.append(lines(5)).block(LONG_ENOUGH);

        administer(commands -> commands.configSet("maxmemory", "1"));

        await().until(() -> old.bounds().isEmpty());
        assertThat(old.health().fault()).contains("is out of memory");
        administer(commands -> commands.configSet("maxmemory", "0"));
        await().until(() -> old.health().fault() == null);
    }

    @Test
    void takes_events_as_before_when_it_cannot_take_the_old_ones() {
        append(1);

        administer(commands -> commands.set("{observer}:clock", "of somebody else"));
        RedisEventLog later = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));
        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .until(() -> later.health().fault() == null);

        assertThat(append(1)).isEqualTo(new Appended(2, 2));
        assertThat(log.health().fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evicted", "something else"})
    void reads_all_of_a_job_whose_index_is_lost(String how) {
        append(3);
        log.append(List.of(line(DEPLOY, "a"))).block(LONG_ENOUGH);
        administer(commands -> {
            commands.del(KEYS.job(BUILD));
            if (how.equals("something else")) {
                commands.set(KEYS.job(BUILD), "of somebody else");
            }
        });

        RedisEventLog before = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));
        assertThat(idsOf(before, EventFilter.job(BUILD))).containsExactly(1L, 2L, 3L);
        append(1);
        RedisEventLog after = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));
        assertThat(idsOf(after, EventFilter.job(BUILD))).containsExactly(1L, 2L, 3L, 5L);
        assertThat(after.positionBeforeLast(2, EventFilter.job(BUILD)).block(LONG_ENOUGH))
                .isEqualTo(2);

        assertThat(logs.jobsFound(after)).extracting(JobTrace::lastId).containsExactlyInAnyOrder(4L, 5L);
    }

    @Test
    void refuses_events_while_redis_is_out_of_memory_and_heals() {
        append(3);

        administer(commands -> commands.configSet("maxmemory", "1"));
        assertThatExceptionOfType(LogStorageException.class)
                .isThrownBy(() -> append(1))
                .withMessage("Redis is out of memory: its maxmemory is reached; nothing was stored");
        assertThat(log.health().fault()).contains("is out of memory");
        assertThat(log.read(0, EventFilter.all(), PageLimit.of(10)).block().events())
                .hasSize(3);
        administer(commands -> commands.configSet("maxmemory", "0"));

        assertThat(append(1)).isEqualTo(new Appended(4, 4));
        assertThat(log.health().fault()).isNull();
        assertThat(listener.heard()).isEmpty();
    }

    @Test
    void refuses_events_while_something_else_stands_under_its_keys() {
        append(3);

        administer(commands -> {
            commands.rename(KEYS.jobs(), "kept");
            commands.set(KEYS.jobs(), "of somebody else");
        });
        assertThatExceptionOfType(LogStorageException.class)
                .isThrownBy(() -> append(1))
                .withMessageContaining("choose another observer.redis.prefix");
        administer(commands -> commands.rename("kept", KEYS.jobs()));

        assertThat(append(1)).isEqualTo(new Appended(4, 4));
        assertThat(output.ids()).isEqualTo(ids(1, 4));
    }

    @Test
    void says_a_gap_where_somebody_deleted_an_entry() {
        append(5);
        EventLog later = logs.open(OpenLogs.impatient(redis.url(), "observer"), setup(new RecordedOutput()));

        administer(commands -> commands.xdel(KEYS.log(), "3-0"));

        assertThat(later.read(0, EventFilter.all(), PageLimit.of(10)).block().covered())
                .isEqualTo(2);
        assertThat(later.read(2, EventFilter.all(), PageLimit.of(10)).block().gap())
                .isEqualTo(new Gap(Gap.Reason.EVICTED, 3L, 3L, 1L));
        assertThat(later.read(0, EventFilter.job(BUILD), PageLimit.of(10))
                        .block()
                        .covered())
                .isEqualTo(2);
    }

    @Test
    void passes_over_an_entry_that_holds_no_event_and_has_readers_look_again() {
        append(1);

        administer(commands -> {
            commands.xadd(KEYS.log(), new XAddArgs().id("2-0"), "e", "no event");
            commands.set(KEYS.last(), "2");
        });
        append(1);

        assertThat(output.ids()).containsExactly(1L, 3L);
        assertThat(log.health().damagedLines()).isEqualTo(1);
        assertThat(listener.heard()).containsExactly("rewound to where it stands");
        assertThat(log.read(1, EventFilter.all(), PageLimit.of(10)).block().gap())
                .isEqualTo(new Gap(Gap.Reason.EVICTED, 2L, 2L, 1L));
    }

    @Test
    void takes_what_is_too_old_by_the_time_that_somebody_tended_the_log() {
        RedisLogSettings brief = new RedisLogSettings(
                redis.url(), null, null, "brief", 1_000, Duration.ofSeconds(1), Duration.ofMillis(800));
        RedisEventLog old = logs.open(brief, setup(new RecordedOutput()));
        old.append(lines(5)).block(LONG_ENOUGH);

        await().until(() -> old.bounds().isEmpty());

        assertThat(old.bounds()).isEqualTo(new LogBounds(6, 5));
        assertThat(old.append(lines(1)).block(LONG_ENOUGH)).isEqualTo(new Appended(6, 6));
        await().until(() ->
                RedisProcess.asked(redis.url(), commands -> commands.exists(new RedisKeys("brief").job(BUILD)) <= 1));
    }

    @Test
    void does_not_open_without_the_password_and_says_so() {
        administer(commands -> commands.configSet("requirepass", "secret"));
        RedisLogSettings without = OpenLogs.impatient(redis.url(), "observer");

        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(() -> logs.open(without, setup(output)))
                .withMessage(
                        "Redis at 127.0.0.1:" + redis.port() + " asks for a password; set observer.redis.password");
        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(() -> logs.open(with(without, "wrong"), setup(output)))
                .withMessageContaining("refuses the password");
        assertThat(logs.open(with(without, "secret"), setup(output)).bounds().lastId())
                .isZero();
    }

    private static RedisLogSettings with(RedisLogSettings settings, String password) {
        return new RedisLogSettings(
                settings.url(),
                password,
                null,
                settings.prefix(),
                settings.maxEntries(),
                settings.ttl(),
                settings.timeout());
    }

    private static List<Long> idsOf(EventLog log, EventFilter filter) {
        return log.read(0, filter, PageLimit.of(10)).block(LONG_ENOUGH).events().stream()
                .map(Event::id)
                .toList();
    }

    private LogSetup setup(RecordedOutput heard) {
        return new LogSetup(Retention.DEFAULT, Ticker.system(), writing, 10_000, heard);
    }

    private Appended append(int count) {
        return log.append(lines(count)).block(LONG_ENOUGH);
    }

    private void administer(Consumer<RedisCommands<String, String>> work) {
        RedisProcess.asked(redis.url(), commands -> {
            work.accept(commands);
            return 0;
        });
    }

    private static List<Long> ids(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(20));
    }
}
