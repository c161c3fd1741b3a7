package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.HeldScheduler;
import io.observer.log.JobTrace;
import io.observer.log.LogPage;
import io.observer.log.LogSetup;
import io.observer.log.RetainedEventLogContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisEventLogTest extends RetainedEventLogContract {

    private final OpenLogs logs = new OpenLogs();

    @AfterEach
    void close_the_logs() {
        logs.close();
    }

    @Override
    protected EventLog open(LogSetup setup) {
        return logs.openHeld(OpenLogs.patient(SharedRedis.url(), SharedRedis.newPrefix()), setup);
    }

    @Override
    protected EventLog openSmall() {
        return logs.open(small(), roomy());
    }

    /** Settings under which a hundred events are kept, or somewhat more. */
    private static RedisLogSettings small() {
        RedisLogSettings large = OpenLogs.patient(SharedRedis.url(), SharedRedis.newPrefix());
        return new RedisLogSettings(large.url(), null, null, large.prefix(), 100, large.ttl(), large.timeout());
    }

    @Override
    protected void letRun(HeldScheduler held, EventLog log) {
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> held.release() >= 0 && log.queueDepth() == 0);
    }

    @Test
    void is_the_backend_redis() {
        EventLog log = open();

        assertThat(log.backend()).isEqualTo("redis");
        assertThat(log.durability()).isEqualTo("redis");
        assertThat(log.isStale()).isFalse();
    }

    @Test
    void a_node_that_starts_later_finds_epoch_events_and_jobs() {
        RedisLogSettings settings = OpenLogs.patient(SharedRedis.url(), SharedRedis.newPrefix());
        EventLog first = logs.open(settings, roomy());
        append(
                first,
                List.of(
                        draft(BUILD, "job.started"),
                        line(DEPLOY, "a"),
                        line(BUILD, "b"),
                        draft("", "monitor.anomaly"),
                        draft(BUILD, "job.completed"),
                        line(BUILD, "c")));

        RedisEventLog second = logs.open(settings, roomy());

        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(second.bounds()).isEqualTo(first.bounds());
        assertThat(read(second, 0)).isEqualTo(read(first, 0));
        Map<String, JobTrace> found =
                logs.jobsFound(second).stream().collect(Collectors.toMap(JobTrace::jobId, job -> job));
        assertThat(found).containsOnlyKeys(BUILD, DEPLOY);
        JobTrace build = found.get(BUILD);
        assertThat(build.events()).isEqualTo(4);
        assertThat(build.lastEvent()).isEqualTo("log.line");
        assertThat(build.lastId()).isEqualTo(6);
        assertThat(build.jobEvents()).containsEntry("job.started", 1L).containsEntry("job.completed", 5L);
    }

    @Test
    void what_one_node_stores_every_node_hands_out_in_the_same_order() throws Exception {
        RedisLogSettings settings = OpenLogs.patient(SharedRedis.url(), SharedRedis.newPrefix());
        EventLog first = logs.open(settings, roomy());
        io.observer.log.RecordedOutput elsewhere = new io.observer.log.RecordedOutput();
        EventLog second = logs.open(settings, roomy().with(elsewhere));

        inParallel(4, number -> appendOneByOne(number % 2 == 0 ? first : second, "publisher-" + number, 100));

        Awaitility.await()
                .until(() -> elsewhere.events().size() == 400 && output.events().size() == 400);
        assertThat(output.ids()).isEqualTo(ids(1, 400));
        assertThat(elsewhere.events()).isEqualTo(output.events());
    }

    @Test
    void a_page_of_one_job_is_read_by_its_index_whatever_lies_between() {
        RedisLogSettings settings = OpenLogs.patient(SharedRedis.url(), SharedRedis.newPrefix());
        EventLog first = logs.open(settings, roomy());
        append(first, line(BUILD, "first"));
        append(first, lines(1_000));
        append(first, line(DEPLOY, "only"));
        append(first, lines(500));

        EventLog second = logs.open(settings, roomy());

        assertThat(idsOf(read(second, 0, EventFilter.job(DEPLOY), 10))).containsExactly(1_002L);
        assertThat(beforeLast(second, 1, EventFilter.job(DEPLOY))).isEqualTo(1_001);
    }

    @Test
    void retention_takes_the_index_of_a_job_with_its_last_event() {
        EventLog log = openSmall();
        append(log, line(DEPLOY, "soon gone"));
        for (int n = 0; n < 100; n++) {
            append(log, lines(10));
        }

        LogPage page = read(log, 0, EventFilter.job(DEPLOY), 10);

        assertThat(page.events()).isEmpty();
        assertThat(page.gap())
                .isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, log.bounds().firstId() - 1, null));
    }

    @Test
    void retention_takes_what_the_index_of_a_busy_job_has_beyond_the_log() {
        RedisLogSettings settings = small();
        EventLog log = logs.open(settings, roomy());
        for (int n = 0; n < 100; n++) {
            append(log, lines(10));
        }

        String index = new RedisKeys(settings.prefix()).job(BUILD);
        long ids = RedisProcess.asked(settings.url(), redis -> redis.xlen(index));
        assertThat(ids).isBetween(100L, 400L);
    }
}
