package io.observer.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.log.EventLog;
import io.observer.log.MemoryEventLog;
import io.observer.log.PageLimit;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("The receiver at the socket of another Observer")
@Timeout(60)
class ResumedSubscriptionTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_732_152_500L), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final Scheduler writing = Schedulers.newSingle("log", true);
    private final EventLog log =
            new MemoryEventLog("k3f9x2", Retention.DEFAULT, Ticker.system(), writing, 10_000, stored -> {});
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private DaemonSocketReceiver receiver;

    @AfterEach
    void end() {
        receiver.close();
        writing.dispose();
    }

    @Test
    void begins_with_the_newest_thousand_and_says_once_what_is_before_them() {
        try (FakeDaemon other = other(hello("e1-41"), event(42, "a"), event(43, "b"))) {
            start();

            assertThat(names(3)).containsExactly("source.gap", "a", "b");
            assertThat(read().get(0).jsonText()).contains("""
                    "data":{"source":"daemon","reason":"first","from":1,"to":41,"dropped":null}""");
            receiver.close();
            start();
            await().until(() ->
                    other.requests().stream().anyMatch(request -> request.contains("{\"since\":\"e1-43\"}")));
            assertThat(names(3)).hasSize(3);
            assertThat(other.requests()).contains("""
                    {"jsonrpc":"2.0","method":"daemon.monitor.stream","params":{"last":1000},"id":1}""");
        }
    }

    @Test
    void goes_on_after_the_last_one_when_the_other_was_away() {
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"), event(2, "b"))) {
            start();
            names(2);

            other.observing(hello("e1-2"), event(3, "job.completed")).disconnect();

            assertThat(names(3)).containsExactly("a", "b", "job.completed");
            assertThat(other.requests()).contains("""
                    {"jsonrpc":"2.0","method":"daemon.monitor.stream","params":{"since":"e1-2"},"id":1}""");
        }
    }

    @Test
    void goes_on_after_the_last_one_when_it_was_away_itself() {
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"))) {
            start();
            names(1);
            receiver.close();

            other.observing(hello("e1-1"), event(2, "b"));
            start();

            assertThat(names(2)).containsExactly("a", "b");
            assertThat(other.requests()).last().asString().contains("{\"since\":\"e1-1\"}");
        }
    }

    @Test
    void stores_nothing_twice_that_was_on_its_way_when_it_was_killed() throws IOException {
        log.append(new EventJson(CLOCK)
                        .parseLines("""
                                {"event":"a","timestamp":7}
                                {"event":"b","timestamp":7}
                                """.getBytes(StandardCharsets.UTF_8))
                        .drafts())
                .block();
        Files.writeString(directory.resolve("position"), "e1-41 43\n");

        try (FakeDaemon other = other(hello("e1-41"), event(42, "a"), event(43, "b"), event(44, "b"))) {
            start();

            assertThat(names(3)).containsExactly("a", "b", "b");
            assertThat(other.requests()).anyMatch(request -> request.contains("{\"since\":\"e1-41\"}"));
        }
    }

    @Test
    void passes_on_what_the_other_says_that_it_has_no_more() {
        try (FakeDaemon other = other(hello("e1-0"), gap(1, 9), event(10, "a"))) {
            start();

            assertThat(names(2)).containsExactly("source.gap", "a");
            assertThat(read().get(0).jsonText()).contains("""
                    "data":{"source":"daemon","reason":"evicted","from":1,"to":9,"dropped":9}""");
            other.observing(hello("e2-0"), event(1, "new")).disconnect();

            assertThat(names(3)).endsWith("new");
        }
    }

    @Test
    void keeps_what_the_log_refuses_in_its_order_and_misses_nothing() {
        refusals.set(3);
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"))) {
            start();
            await().until(() -> other.subscribers() == 1);
            other.tell("{\"id\":2,\"event\":\"b\"}");

            assertThat(names(2)).containsExactly("a", "b");
            assertThat(refusals).hasValue(0);
        }
    }

    @Test
    void is_connected_once_the_log_has_what_it_missed() {
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"), event(2, "b"))) {
            other.healthy("{\"status\":\"ok\",\"epoch\":\"e1\",\"last_id\":2}");
            start();

            await().untilAsserted(() -> assertThat(notices).containsExactly("connected, the log is at 2"));
            other.observing(hello("e1-2"), event(3, "c"), gap(4, 9));
            other.healthy("{\"status\":\"ok\",\"epoch\":\"e1\",\"last_id\":9}").disconnect();

            await().untilAsserted(() -> assertThat(notices)
                    .containsExactly("connected, the log is at 2", "disconnected", "connected, the log is at 4"));
        }
    }

    @Test
    void takes_nothing_from_an_observer_that_takes_in_its_own_events() {
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"))) {
            other.healthy("{\"status\":\"ok\",\"epoch\":\"e1\",\"last_id\":1,\"sources\":[\"b2\",\"k3f9x2\"]}");
            start();

            await().untilAsserted(() -> assertThat(receiver.fault())
                    .contains("it takes in the events of this server itself, directly or through others"));
            assertThat(other.subscribers()).isZero();
            assertThat(receiver.upstream()).isEmpty();

            other.healthy("{\"status\":\"ok\",\"epoch\":\"e1\",\"last_id\":1,\"sources\":[\"b2\"]}");
            assertThat(names(1)).containsExactly("a");
            assertThat(receiver.upstream()).containsExactlyInAnyOrder("e1", "b2");
        }
    }

    @Test
    void lets_go_of_an_observer_that_begins_to_take_in_its_events_through_others() {
        try (FakeDaemon other = other(hello("e1-0"), event(1, "a"))) {
            start();
            names(1);

            other.healthy("{\"status\":\"ok\",\"epoch\":\"e1\",\"sources\":[\"k3f9x2\"]}");

            await().untilAsserted(() -> {
                assertThat(receiver.fault()).contains("go round for ever");
                assertThat(notices).endsWith("disconnected");
            });
        }
    }

    private FakeDaemon other(String... greeting) {
        return FakeDaemon.at(directory.resolve("d.sock")).observing(greeting);
    }

    private void start() {
        DaemonSettings settings = new DaemonSettings(
                directory.resolve("d.sock"),
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                directory.resolve("position"));
        SourceListener listener = new SourceListener() {
            @Override
            public void connected(String source) {
                notices.add("connected, the log is at " + log.bounds().lastId());
            }

            @Override
            public void disconnected(String source, Duration retryIn) {
                notices.add("disconnected");
            }
        };
        receiver = new DaemonSocketReceiver(settings, new RefusingLog(log, refusals), listener, CLOCK, new Random(7));
        receiver.start();
    }

    private static String hello(String cursor) {
        return """
                {"jsonrpc":"2.0","method":"monitor.hello","params":{"job_id":"","sheet_num":0,"event":"hello","data":{"cursor":"%s"},"timestamp":1.5}}""".formatted(cursor);
    }

    private static String gap(long from, long to) {
        return """
                {"jsonrpc":"2.0","method":"monitor.gap","params":{"job_id":"","sheet_num":0,"event":"gap","data":{"reason":"evicted","from":%d,"to":%d,"dropped":%d},"timestamp":1.5}}""".formatted(from, to, to - from + 1);
    }

    private static String event(long id, String name) {
        return """
                {"jsonrpc":"2.0","method":"monitor.event","params":{"id":%d,"job_id":"","sheet_num":0,"event":"%s","data":null,"timestamp":7}}""".formatted(id, name);
    }

    private List<String> names(int count) {
        await().until(() -> log.bounds().lastId() >= count);
        return read().stream().map(Event::name).toList();
    }

    private List<Event> read() {
        return log.read(0, EventFilter.all(), PageLimit.of(10_000)).block().events();
    }
}
