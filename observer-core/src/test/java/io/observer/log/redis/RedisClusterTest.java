package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.LogSetup;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A log in a cluster of three nodes")
class RedisClusterTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final RedisCluster cluster = new RedisCluster(new RedisKeys("observer").log());
    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final RecordedOutput output = new RecordedOutput();

    @AfterEach
    void close() {
        logs.close();
        writing.dispose();
        cluster.close();
    }

    @Test
    void is_found_on_the_node_that_has_its_slot_and_followed_when_that_is_moved() {
        RedisEventLog log = open(output);
        String epoch = log.epoch();
        assertThat(append(log, lines(3))).isEqualTo(new Appended(1, 3));

        cluster.beginMove(1, 2);
        assertThatExceptionOfType(LogUnavailableException.class)
                .as("a batch that could be stored by halves")
                .isThrownBy(() -> append(log, List.of(line(DEPLOY, "a job that is new"))))
                .withMessage("Redis is a node of a cluster that is giving the log away; nothing was stored, try again");
        cluster.moveKeys(1, 2);
        cluster.endMove(2);
        await(() -> !log.isStale());

        assertThat(append(log, List.of(line(DEPLOY, "a job that is new")))).isEqualTo(new Appended(4, 4));

        cluster.beginMove(2, 0);
        cluster.moveKeys(2, 0);
        cluster.endMove(0);
        await(() -> !log.isStale());
        assertThat(append(log, lines(2))).isEqualTo(new Appended(5, 6));

        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(output.ids()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        RedisEventLog later = open(new RecordedOutput());
        assertThat(count(later, BUILD)).isEqualTo(5);
        assertThat(count(later, DEPLOY)).isEqualTo(1);
    }

    private RedisEventLog open(RecordedOutput heard) {
        return logs.open(
                OpenLogs.impatient(cluster.url(), "observer"),
                new LogSetup(Retention.DEFAULT, Ticker.system(), writing, 10_000, heard));
    }

    private static int count(RedisEventLog log, String job) {
        return log.read(0, EventFilter.job(job), PageLimit.of(100))
                .block(LONG_ENOUGH)
                .events()
                .size();
    }

    private static Appended append(RedisEventLog log, List<EventDraft> drafts) {
        return log.append(drafts).block(LONG_ENOUGH);
    }

    private static void await(Callable<Boolean> there) {
        Awaitility.await()
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(20))
                .until(there);
    }
}
