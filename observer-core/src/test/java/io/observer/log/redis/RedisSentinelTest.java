package io.observer.log.redis;

import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.log.Appended;
import io.observer.log.LogSetup;
import io.observer.log.ManualTicker;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A log whose Redis is named by a Sentinel")
@Tag("long")
class RedisSentinelTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final RecordedOutput output = new RecordedOutput();

    @AfterEach
    void close() {
        logs.close();
        writing.dispose();
    }

    @Test
    void goes_on_with_the_replica_that_takes_the_place_of_a_killed_master() throws IOException {
        try (RedisProcess master = RedisProcess.with();
                RedisProcess replica = RedisProcess.with("--replicaof", "127.0.0.1", Integer.toString(master.port()));
                RedisProcess sentinel = RedisProcess.sentinelOf(master)) {
            await("the replica", () -> ask(master, "replication").contains("state=online"));
            await("the sentinel", () -> ask(sentinel, "sentinel").contains("slaves=1"));
            RedisEventLog log = logs.open(
                    OpenLogs.impatient("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main", "observer"),
                    new LogSetup(Retention.DEFAULT, new ManualTicker(), writing, 10_000, output));
            String epoch = log.epoch();
            assertThat(append(log, 3)).isEqualTo(new Appended(1, 3));
            await("the copy", () -> ask(replica, "keyspace").contains("keys="));

            master.kill();
            await("the end", log::isStale);
            await("the replica", () -> !log.isStale());

            assertThat(append(log, 2)).isEqualTo(new Appended(4, 5));
            assertThat(log.epoch()).isEqualTo(epoch);
            assertThat(output.ids()).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    private static Appended append(RedisEventLog log, int count) {
        return log.append(lines(count)).block(LONG_ENOUGH);
    }

    private static String ask(RedisProcess redis, String section) {
        return RedisProcess.asked(redis.url(), commands -> commands.info(section));
    }

    private static void await(String what, Callable<Boolean> there) {
        Awaitility.await(what)
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(there);
    }
}
