package io.observer.log.redis;

import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.LogOpenException;
import io.observer.log.LogSetup;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("A log whose Redis speaks TLS, by a certificate for 127.0.0.1 from an authority of its own")
class RedisTlsTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static RedisProcess redis;
    private static TlsProxy proxy;

    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);
    private final RecordedOutput output = new RecordedOutput();

    @BeforeAll
    static void stand_before_redis() throws Exception {
        redis = RedisProcess.with();
        proxy = TlsProxy.before(redis.port(), directory);
    }

    @AfterAll
    static void end() {
        proxy.close();
        redis.close();
    }

    @AfterEach
    void close() {
        logs.close();
        writing.dispose();
    }

    @Test
    void is_kept_there_when_the_authority_is_named() {
        RedisEventLog log = open("rediss://127.0.0.1:" + proxy.port(), proxy.authority());

        assertThat(log.append(lines(3)).block(LONG_ENOUGH)).isEqualTo(new Appended(1, 3));
        assertThat(output.ids()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void is_not_opened_when_the_authority_is_not_named() {
        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(() -> open("rediss://127.0.0.1:" + proxy.port(), null))
                .withMessageContaining("does not agree on TLS");
    }

    @Test
    void is_not_opened_when_the_certificate_is_for_another_name() {
        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(() -> open("rediss://localhost:" + proxy.port(), proxy.authority()))
                .withMessageContaining("does not agree on TLS")
                .withMessageContaining("localhost");
    }

    private RedisEventLog open(String url, @Nullable Path authority) {
        RedisLogSettings plain = OpenLogs.patient(url, "observer");
        return logs.open(
                new RedisLogSettings(
                        url, null, authority, plain.prefix(), plain.maxEntries(), plain.ttl(), plain.timeout()),
                new LogSetup(Retention.DEFAULT, Ticker.system(), writing, 10_000, output));
    }
}
