package io.observer.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.Ticker;
import io.observer.log.EventLog;
import io.observer.log.MemoryEventLog;
import io.observer.log.PageLimit;
import io.observer.log.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@DisplayName("The receiver at a daemon's socket")
@Timeout(60)
class DaemonSocketReceiverTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_732_152_500L), ZoneOffset.UTC);

    private static final String CREATED = """
            {"job_id": "job-1", "sheet_num": 0, "event": "observer.file_created", "data": {"path": "out/a.md"}, "timestamp": 1732152419.25}""";
    private static final String MODIFIED = """
            {"job_id": "job-1", "sheet_num": 0, "event": "observer.file_modified", "data": {"path": "out/a.md"}, "timestamp": 1732152420.5}""";
    private static final String DELETED = """
            {"job_id": "job-1", "sheet_num": 0, "event": "observer.file_deleted", "data": {"path": "out/a.md"}, "timestamp": 1732152421.5}""";

    @TempDir
    private Path directory;

    private final Scheduler writing = Schedulers.newSingle("log", true);
    private final EventLog log =
            new MemoryEventLog("k3f9x2", Retention.DEFAULT, Ticker.system(), writing, 10_000, stored -> {});
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private Duration settled = Duration.ofMillis(100);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private DaemonSocketReceiver receiver;

    @AfterEach
    void end() {
        receiver.close();
        writing.dispose();
    }

    @Test
    void subscribes_and_appends_what_the_daemon_tells() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            assertThat(daemon.requests()).contains("""
                    {"jsonrpc":"2.0","method":"daemon.monitor.stream","params":{},"id":1}""");

            daemon.tell(CREATED);

            assertThat(stored(1)).containsExactly("""
                    {"id":1,"job_id":"job-1","sheet_num":0,"event":"observer.file_created","data":{"path":"out/a.md"},"timestamp":1732152419.25}""");
            assertThat(receiver.fault()).isNull();
            assertThat(receiver.metrics().events()).isOne();
        }
    }

    @Test
    void takes_other_words_for_the_same() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            daemon.tell("{\"job_id\":\"a\",\"event_type\":\"spawn\",\"timestamp\":1}");
            daemon.tell("{\"job_id\":null,\"event\":\"\",\"data\":null,\"exit_code\":3,\"timestamp\":2}");
            daemon.tell("{\"event\":\"job.started\"}");
            daemon.tell("{\"event\":null,\"event_type\":\"exit\",\"timestamp\":4}");
            daemon.tell("{\"event\":\"\",\"event_type\":\"kill\",\"timestamp\":5}");

            assertThat(stored(5))
                    .containsExactly(
                            "{\"id\":1,\"job_id\":\"a\",\"sheet_num\":0,\"event\":\"spawn\",\"data\":null,\"timestamp\":1}",
                            "{\"id\":2,\"job_id\":\"\",\"sheet_num\":0,\"event\":\"daemon_event\",\"data\":null,\"timestamp\":2}",
                            "{\"id\":3,\"job_id\":\"\",\"sheet_num\":0,\"event\":\"job.started\",\"data\":null,\"timestamp\":1732152500.000000}",
                            "{\"id\":4,\"job_id\":\"\",\"sheet_num\":0,\"event\":\"exit\",\"data\":null,\"timestamp\":4}",
                            "{\"id\":5,\"job_id\":\"\",\"sheet_num\":0,\"event\":\"kill\",\"data\":null,\"timestamp\":5}");
        }
    }

    @Test
    void counts_what_it_cannot_take_and_goes_on() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            daemon.say("not json\n[1]\n\n");
            daemon.tell("{\"event\":\"a\\ndata: b\"}");
            daemon.tell("{\"event\":\"a\",\"job_id\":\"../b\"}");
            daemon.tell("{\"event\":\"hello\"}");
            daemon.tell("{\"event\":\"a\",\"data\":[1]}");
            daemon.tell(CREATED);

            assertThat(names(1)).containsExactly("observer.file_created");
            assertThat(receiver.metrics().garbled()).isEqualTo(3);
            assertThat(receiver.metrics().refused()).isEqualTo(4);
        }
    }

    @Test
    void passes_over_a_line_of_20_mib_to_its_end() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            daemon.tell("{\"event\":\"large\",\"data\":{\"text\":\"" + "x".repeat(20 << 20) + "\"}}");
            daemon.tell(CREATED);

            assertThat(names(1)).containsExactly("observer.file_created");
            assertThat(receiver.metrics().garbled()).isOne();
        }
    }

    @Test
    void puts_lines_together_that_come_in_pieces() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            String line = "{\"method\":\"monitor.event\",\"params\":" + MODIFIED + "}\n";
            for (int i = 0; i < line.length(); i++) {
                daemon.say(line.substring(i, i + 1));
            }

            assertThat(names(1)).containsExactly("observer.file_modified");
        }
    }

    @Test
    void keeps_the_order_of_many() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            for (int i = 0; i < 5_000; i++) {
                daemon.tell("{\"event\":\"n" + i + "\"}");
            }

            List<String> names = names(5_000);
            for (int i = 0; i < 5_000; i++) {
                assertThat(names.get(i)).isEqualTo("n" + i);
            }
        }
    }

    @Test
    void waits_for_a_daemon_that_is_not_there_yet() {
        start();
        await().untilAsserted(() -> assertThat(notices).isNotEmpty().containsOnly("disconnected"));
        assertThat(receiver.fault()).startsWith("daemon: " + socket() + ": ").endsWith("; trying again");

        try (FakeDaemon daemon = daemon()) {
            await().until(() -> daemon.subscribers() == 1);
            daemon.tell(CREATED);

            assertThat(names(1)).containsExactly("observer.file_created");
            await().untilAsserted(() -> assertThat(notices).endsWith("connected"));
            assertThat(receiver.fault()).isNull();
        }
    }

    @Test
    void adds_what_it_missed_while_the_daemon_was_away_once_and_in_order() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            daemon.tell(CREATED);
            names(1);

            daemon.remembering(DELETED, MODIFIED, CREATED).disconnect();

            assertThat(stored(4).get(1)).endsWith("""
                    "event":"source.gap","data":{"source":"daemon","reason":"disconnected","since":1732152500.000,"recovered":["observer.*"]},"timestamp":1732152500.000000}""");
            assertThat(names(4))
                    .containsExactly(
                            "observer.file_created", "source.gap", "observer.file_modified", "observer.file_deleted");
            await().untilAsserted(() -> assertThat(notices).containsExactly("connected", "disconnected", "connected"));
            daemon.tell(DELETED);
            daemon.tell("{\"event\":\"job.completed\",\"job_id\":\"job-1\"}");

            assertThat(names(5)).hasSize(5).endsWith("job.completed");
        }
    }

    @Test
    void says_that_observed_events_are_missing_too_if_the_daemon_cannot_tell_them() {
        try (FakeDaemon daemon = daemon().withoutHistory()) {
            receive(daemon);
            daemon.tell(CREATED);
            names(1);

            daemon.disconnect();

            assertThat(stored(2).get(1)).contains("""
                    "data":{"source":"daemon","reason":"disconnected","since":1732152500.000,"recovered":[]}""");
        }
    }

    @Test
    void says_that_observed_events_may_be_missing_too_if_all_that_the_daemon_remembers_of_a_job_is_new() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            daemon.tell(CREATED);
            names(1);
            String[] ring = IntStream.rangeClosed(1, 200)
                    .mapToObj(i -> "{\"job_id\":\"job-1\",\"event\":\"observer.file_created\",\"data\":{\"path\":\"" + i
                            + "\"},\"timestamp\":5}")
                    .toArray(String[]::new);

            interrupt(daemon.remembering(ring));

            assertThat(stored(202).get(1)).contains("\"recovered\":[]");
        }
    }

    @Test
    void knows_after_a_restart_what_the_log_has_and_that_it_was_away() {
        try (FakeDaemon daemon = daemon().remembering(MODIFIED, CREATED)) {
            receive(daemon);
            assertThat(names(2)).containsExactly("observer.file_created", "observer.file_modified");
            receiver.close();

            daemon.remembering(DELETED, MODIFIED, CREATED);
            start();

            assertThat(names(4)).hasSize(4).endsWith("observer.file_deleted");
            assertThat(stored(4).get(2)).contains("""
                    "data":{"source":"daemon","reason":"disconnected","since":null,"recovered":["observer.*"]}""");
        }
    }

    @Test
    void keeps_what_the_log_refuses_and_says_that_the_daemon_may_have_dropped_some_meanwhile() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            refusals.set(3);

            daemon.tell("{\"event\":\"a\"}");
            await().untilAsserted(
                            () -> assertThat(receiver.fault()).isEqualTo("daemon: its events wait: the disk is full"));
            daemon.tell("{\"event\":\"b\"}");

            assertThat(names(3)).containsExactly("a", "source.gap", "b");
            assertThat(stored(3).get(1)).contains("\"reason\":\"waited\"");
            assertThat(receiver.fault()).isNull();
            await().untilAsserted(() -> assertThat(notices).containsExactly("connected"));
        }
    }

    @Test
    void is_told_of_one_gap_by_interruptions_between_which_the_daemon_told_nothing() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            daemon.tell(CREATED);
            names(1);

            interrupt(daemon);
            interrupt(daemon);
            interrupt(daemon);
            daemon.tell(MODIFIED);
            names(3);
            interrupt(daemon);

            assertThat(names(4))
                    .containsExactly("observer.file_created", "source.gap", "observer.file_modified", "source.gap");
        }
    }

    @Test
    void is_told_of_a_second_gap_if_the_first_promised_more_than_the_daemon_can_tell_now() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);
            daemon.tell(CREATED);
            names(1);

            interrupt(daemon);
            interrupt(daemon.withoutHistory());
            interrupt(daemon);

            assertThat(names(3)).containsExactly("observer.file_created", "source.gap", "source.gap");
            assertThat(stored(3).get(1)).contains("\"recovered\":[\"observer.*\"]");
            assertThat(stored(3).get(2)).contains("\"recovered\":[]");
        }
    }

    @Test
    void comes_less_and_less_often_to_a_daemon_that_refuses_and_stores_nothing_for_it() throws IOException {
        Files.writeString(directory.resolve("position"), "-");
        try (FakeDaemon daemon = daemon().remembering(CREATED).refusing("too many streams")) {
            settled = Duration.ofMinutes(1);
            start();

            assertGrowing();
            assertThat(receiver.fault()).contains("it refuses the subscription: too many streams");
        }
    }

    @Test
    void comes_less_and_less_often_to_a_daemon_that_ends_each_connection_and_stores_nothing_for_it()
            throws IOException {
        Files.writeString(directory.resolve("position"), "-");
        try (FakeDaemon daemon = daemon().remembering(CREATED).dropping()) {
            settled = Duration.ofMinutes(1);
            start();

            assertGrowing();
        }
    }

    private void assertGrowing() {
        await().until(() -> pauses.size() >= 7);
        int[] seconds = {1, 2, 4, 8, 16, 30, 30};
        for (int i = 0; i < seconds.length; i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(seconds[i] * 750L), Duration.ofSeconds(seconds[i]));
        }
        assertThat(notices).containsOnly("disconnected");
        assertThat(receiver.metrics().connections()).isZero();
        assertThat(log.bounds().lastId()).isZero();
    }

    @Test
    void comes_soon_again_once_the_daemon_has_told_an_event() {
        start();
        await().until(() -> pauses.size() >= 3);
        try (FakeDaemon daemon = daemon()) {
            await().until(() -> notices.contains("connected"));
            daemon.tell(CREATED);
            names(1);
            int before = pauses.size();

            interrupt(daemon);

            assertThat(pauses.get(before)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"event":"observer.file_created","data":{"path":"a\\udcff.txt"},"timestamp":1}""",
                """
                {"event":"observer.file_created","data":{"size":NaN},"timestamp":1}""",
                """
                {"event":"observer.file_created","data":{"path":"a"},"timestamp":1,"timestamp":2}""",
                "\"]}\"",
                "[[]]",
                "7",
            })
    void leaves_out_what_cannot_be_read_of_what_the_daemon_remembers(String unreadable) {
        try (FakeDaemon daemon = daemon().remembering(MODIFIED, unreadable, CREATED)) {
            receive(daemon);

            assertThat(names(2)).containsExactly("observer.file_created", "observer.file_modified");
            assertThat(receiver.metrics().refused()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "}", "{\"unended", "\"\\"})
    void goes_on_without_what_the_daemon_remembers_if_none_of_it_can_be_read(String garbage) throws IOException {
        Files.writeString(directory.resolve("position"), "-");
        try (FakeDaemon daemon = daemon().remembering(CREATED, garbage)) {
            receive(daemon);
            daemon.tell(MODIFIED);

            assertThat(names(2)).containsExactly("source.gap", "observer.file_modified");
            assertThat(stored(2).get(0)).contains("\"recovered\":[]");
        }
    }

    @Test
    void goes_on_without_what_the_daemon_remembers_if_that_is_too_much_to_be_read() throws IOException {
        Files.writeString(directory.resolve("position"), "-");
        try (FakeDaemon daemon = daemon().remembering("\"" + "x".repeat(17 << 20) + "\"", CREATED)) {
            receive(daemon);

            assertThat(stored(1).get(0)).contains("source.gap").contains("\"recovered\":[]");
        }
    }

    @Test
    void goes_on_without_what_the_daemon_remembers_if_it_takes_too_long_to_tell() throws IOException {
        Files.writeString(directory.resolve("position"), "-");
        try (FakeDaemon daemon = daemon().neverDone()) {
            receive(daemon);
            daemon.tell(MODIFIED);

            assertThat(names(2)).containsExactly("source.gap", "observer.file_modified");
            assertThat(stored(2).get(0)).contains("\"recovered\":[]");
        }
    }

    @Test
    void takes_events_as_deep_as_events_may_be() {
        String deepest = deep(64, 1);
        try (FakeDaemon daemon = daemon().remembering(deep(65, 3), deep(64, 2))) {
            receive(daemon);
            daemon.tell(deepest);
            daemon.tell(deep(65, 4));
            daemon.tell(CREATED);

            assertThat(names(3)).containsExactly("deep2", "deep1", "observer.file_created");
            assertThat(stored(3).get(1)).contains("{\"a\":".repeat(63));
        }
    }

    /** An event with so many levels of braces, its own included. */
    private static String deep(int levels, int number) {
        String data = "{\"a\":".repeat(levels - 1) + "1" + "}".repeat(levels - 1);
        return "{\"event\":\"deep" + number + "\",\"data\":" + data + ",\"timestamp\":" + number + "}";
    }

    /** Breaks the connection and waits for the next one. */
    private void interrupt(FakeDaemon daemon) {
        long before = receiver.metrics().connections();
        daemon.disconnect();
        await().until(() -> receiver.metrics().connections() > before);
    }

    @Test
    void notices_a_daemon_that_says_nothing_any_more() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            daemon.mute();

            await().untilAsserted(() -> {
                assertThat(receiver.fault()).contains("it does not answer daemon.health");
                assertThat(notices).startsWith("connected", "disconnected");
            });
        }
    }

    @Test
    void leaves_a_daemon_alone_that_is_silent_but_well() {
        try (FakeDaemon daemon = daemon()) {
            receive(daemon);

            await().until(() -> daemon.requests().stream()
                            .filter(request -> request.contains("daemon.health"))
                            .count()
                    >= 3);

            assertThat(notices).containsExactly("connected");
            assertThat(daemon.subscribers()).isOne();
        }
    }

    private Path socket() {
        return directory.resolve("d.sock");
    }

    private FakeDaemon daemon() {
        return FakeDaemon.at(socket());
    }

    /** Starts the receiver and waits until it listens. */
    private void receive(FakeDaemon daemon) {
        start();
        await().until(() -> notices.contains("connected") && daemon.subscribers() == 1);
    }

    private void start() {
        DaemonSettings settings = new DaemonSettings(
                socket(), Duration.ofMillis(300), Duration.ofMillis(1_000), directory.resolve("position"));
        SourceListener listener = new SourceListener() {
            @Override
            public void connected(String source) {
                notices.add("connected");
            }

            @Override
            public void disconnected(String source, Duration retryIn) {
                notices.add("disconnected");
            }
        };
        receiver = new DaemonSocketReceiver(
                settings, new RefusingLog(log, refusals), listener, CLOCK, new Random(7), settled, this::hurry);
        receiver.start();
    }

    /** As if time went by much faster. */
    private void hurry(Duration time) throws InterruptedException {
        pauses.add(time);
        TimeUnit.MILLISECONDS.sleep(20);
    }

    /** The JSON of all events, once there are so many. */
    private List<String> stored(int count) {
        await().until(() -> log.bounds().lastId() >= count);
        return read().stream().map(Event::jsonText).toList();
    }

    private List<String> names(int count) {
        await().until(() -> log.bounds().lastId() >= count);
        return read().stream().map(Event::name).toList();
    }

    private List<Event> read() {
        return log.read(0, EventFilter.all(), PageLimit.of(10_000)).block().events();
    }
}
