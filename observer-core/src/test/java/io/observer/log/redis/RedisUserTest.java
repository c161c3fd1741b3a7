package io.observer.log.redis;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Cursor;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.Appended;
import io.observer.log.LogOpenException;
import io.observer.log.LogSetup;
import io.observer.log.LogStorageException;
import io.observer.log.PageLimit;
import io.observer.log.RecordedOutput;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The rights stand in {@code docs/redis.md}, from where they are taken. */
@DisplayName("A user of Redis that may do no more than it has to")
class RedisUserTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final RedisProcess redis = RedisProcess.with();
    private final OpenLogs logs = new OpenLogs();
    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);

    @AfterEach
    void close() {
        logs.close();
        writing.dispose();
        redis.close();
    }

    @Test
    void is_never_refused_whatever_the_log_does() throws IOException {
        assertThat(redis.call(documented())).isEqualTo("+OK");

        RedisEventLog log = open("secret");
        log.append(List.of(draft(BUILD, "job.started"), line(DEPLOY, "soon gone"), line(BUILD, "b")))
                .block(LONG_ENOUGH);
        for (int n = 0; n < 40; n++) {
            log.append(lines(10)).block(LONG_ENOUGH);
        }
        growOld();
        log.append(lines(300)).block(LONG_ENOUGH);
        RedisEventLog later = open("secret");
        long first = later.bounds().firstId();
        for (EventFilter filter : List.of(EventFilter.all(), EventFilter.job(BUILD))) {
            later.read(first - 1, filter, PageLimit.of(10)).block(LONG_ENOUGH);
            later.positionBeforeLast(20, filter).block(LONG_ENOUGH);
        }
        later.reach(new Cursor(later.epoch(), 10_000)).block(LONG_ENOUGH);
        later.reach(new Cursor("other", 1)).block(LONG_ENOUGH);

        assertThat(logs.jobsFound(later)).isNotEmpty();
        assertThat(log.health().fault()).isNull();
        List<Object> refused = RedisProcess.asked(redis.url(), commands -> List.copyOf(commands.aclLog()));
        assertThat(refused).isEmpty();
    }

    @Test
    void keeps_its_name_when_its_password_stands_apart() {
        redis.call("ACL SETUSER observer on >secret ~* +@all");
        redis.call("ACL SETUSER default off");
        String url = redis.url().replace("//", "//observer@");

        RedisEventLog log = logs.open(
                new RedisLogSettings(url, "secret", null, "observer", 100, Duration.ofDays(7), Duration.ofSeconds(10)),
                new LogSetup(Retention.DEFAULT, Ticker.system(), writing, 10_000, new RecordedOutput()));

        assertThat(log.append(lines(1)).block(LONG_ENOUGH)).isEqualTo(new Appended(1, 1));
    }

    @Test
    void is_told_when_it_may_not_do_what_it_has_to() throws IOException {
        redis.call(documented() + " -xadd");

        RedisEventLog log = open("secret");

        assertThatExceptionOfType(LogStorageException.class)
                .isThrownBy(() -> log.append(lines(1)).block(LONG_ENOUGH))
                .withMessageContaining("does not let its user run what a log needs")
                .withMessageContaining("nothing was stored");
        assertThatExceptionOfType(LogOpenException.class)
                .isThrownBy(() -> open("wrong"))
                .withMessageContaining("refuses the password");
    }

    /** Lets more time pass in the log than its events are kept for. */
    private void growOld() {
        String marks = new RedisKeys("observer").ofTend()[4];
        List<String> marked = new ArrayList<>();
        Awaitility.await("a mark of the age")
                .atMost(LONG_ENOUGH)
                .until(() -> marked.addAll(RedisProcess.asked(redis.url(), commands -> commands.zrange(marks, 0, 0))));
        redis.call("HINCRBY {observer}:clock age " + Duration.ofDays(8).toSeconds());
        Awaitility.await("retention by age")
                .atMost(LONG_ENOUGH)
                .until(() -> redis.call("ZSCORE " + marks + " " + marked.get(0)).equals("$-1"));
    }

    /** The command of the page, on one line. */
    private static String documented() throws IOException {
        String page = Files.readString(Path.of("../docs/redis.md"));
        int from = page.indexOf("ACL SETUSER");
        return page.substring(from, page.indexOf("```", from))
                .replaceAll("\\s+", " ")
                .strip();
    }

    private RedisEventLog open(String password) {
        String url = redis.url().replace("//", "//observer:" + password + "@");
        return logs.open(
                new RedisLogSettings(url, null, null, "observer", 100, Duration.ofDays(7), Duration.ofSeconds(10)),
                new LogSetup(Retention.DEFAULT, Ticker.system(), writing, 10_000, new RecordedOutput()));
    }
}
