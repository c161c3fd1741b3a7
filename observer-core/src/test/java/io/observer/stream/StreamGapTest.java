package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.Requests.since;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static io.observer.stream.TestObserver.EPOCH;

import io.observer.event.EventFilter;
import io.observer.log.DisabledEventLog;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What streams say of events that they cannot give: those of another life, those that retention took. */
class StreamGapTest {

    @Test
    void a_cursor_of_another_life_is_told_so_and_gets_everything_retained() {
        VirtualObserver observer = VirtualObserver.create();
        observer.publish(BUILD, "job.started", "log.line");

        observer.listen(global(resume("zzz-1"))).assertSaid("""
                hello 0
                gap epoch ?..? (?) at 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                caught_up 2
                """);
        observer.listen(global(since("zzz-1"))).assertSaid("""
                hello 0
                gap epoch ?..? (?) at 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                caught_up 2
                """);
    }

    @Test
    void a_cursor_of_another_life_in_an_empty_log_is_told_so_too() {
        VirtualObserver observer = VirtualObserver.create();

        Recording stream = observer.listen(global(resume("zzz-900")));
        observer.publish(BUILD, "job.started");

        stream.assertSaid("""
                hello 0
                gap epoch ?..? (?) at 0
                caught_up 0
                event 1 build-7 job.started
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "k3f9x2",
                "k3f9x2-",
                "k3f9x2--1",
                "k3f9x2-1x",
                " 1",
                "1e3",
                "earliest",
                "k3f9x2-99999999999999999999",
                "0000000000000000000000000000000000000000000000000000000000000000-1",
                "\u0661"
            })
    void a_malformed_last_event_id_is_told_so_and_gets_everything_retained(String lastEventId) {
        VirtualObserver observer = VirtualObserver.keeping(2);
        observer.publish(BUILD, "job.started", "log.line", "sheet.started");

        observer.listen(global(resume(lastEventId))).assertSaid("""
                hello 1
                gap unknown ?..? (?) at 1
                event 2 build-7 log.line
                event 3 build-7 sheet.started
                caught_up 3
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3f9x2-4", "4", "9223372036854775807"})
    void a_cursor_ahead_of_the_log_is_told_so_and_gets_everything_retained(String cursor) {
        VirtualObserver observer = VirtualObserver.create();
        observer.publish(BUILD, "job.started", "log.line", "sheet.started");

        for (StreamStart start : List.of(resume(cursor), since(cursor))) {
            observer.listen(global(start)).assertSaid("""
                    hello 0
                    gap unknown ?..? (?) at 0
                    event 1 build-7 job.started
                    event 2 build-7 log.line
                    event 3 build-7 sheet.started
                    caught_up 3
                    """);
        }
    }

    @Test
    void events_that_retention_took_are_named_before_the_first_that_is_left() {
        VirtualObserver observer = VirtualObserver.keeping(2);
        observer.publishMany(10, BUILD, "log.line");

        observer.listen(global(resume("k3f9x2-3"))).assertSaid("""
                hello 3
                gap evicted 4..8 (5) at 8
                event 9 build-7 log.line
                event 10 build-7 log.line
                caught_up 10
                """);
    }

    @Test
    void a_cursor_right_before_the_oldest_retained_event_has_missed_nothing() {
        VirtualObserver observer = VirtualObserver.keeping(2);
        observer.publishMany(10, BUILD, "log.line");

        observer.listen(global(resume("k3f9x2-8"))).assertSaid("""
                hello 8
                event 9 build-7 log.line
                event 10 build-7 log.line
                caught_up 10
                """);
    }

    @Test
    void how_many_wanted_events_retention_took_is_unknown_behind_a_filter() {
        VirtualObserver observer = VirtualObserver.keeping(2);
        observer.publishMany(10, BUILD, "log.line");

        observer.listen(named(global(resume("k3f9x2-3")), "log.*")).assertSaid("""
                hello 3
                gap evicted 4..8 (?) at 8
                event 9 build-7 log.line
                event 10 build-7 log.line
                caught_up 10
                """);
        observer.listen(job(DEPLOY, resume("k3f9x2-3"))).assertSaid("""
                hello 3
                gap evicted 4..8 (?) at 8
                caught_up 10
                """);
    }

    @Test
    void a_log_whose_events_are_all_too_old_says_what_is_gone() {
        VirtualObserver observer = VirtualObserver.keeping(new Retention(Duration.ofMinutes(10), 100, 0));
        observer.publishMany(5, BUILD, "log.line");
        observer.pass(Duration.ofMinutes(11));

        Recording stream = observer.listen(global(resume("k3f9x2-1")));
        observer.publish(BUILD, "job.completed");

        stream.assertSaid("""
                hello 1
                gap evicted 2..5 (4) at 5
                caught_up 5
                event 6 build-7 job.completed
                """);
    }

    @Test
    void retention_that_overtakes_a_replay_leaves_a_gap_in_its_place() {
        VirtualObserver observer = VirtualObserver.keeping(600);
        observer.publishMany(600, BUILD, "log.line");
        Recording stream = observer.listen(global(earliest()), 11);
        observer.publishMany(400, BUILD, "sheet.progress");
        stream.takeAll();

        // The page that was being read when the events went is still given.
        stream.assertSaid("""
                hello 0
                events 1..256 build-7 log.line
                gap evicted 257..400 (144) at 400
                events 401..600 build-7 log.line
                events 601..1000 build-7 sheet.progress
                caught_up 1000
                """);
    }

    @Test
    void each_time_that_retention_overtakes_a_replay_is_told() {
        VirtualObserver observer = VirtualObserver.keeping(new Retention(Duration.ofMinutes(10), 2_000, 0));
        observer.publishMany(300, BUILD, "log.line");
        Recording stream = observer.listen(global(resume("0")), 2);
        observer.pass(Duration.ofMinutes(5));
        observer.publishMany(300, BUILD, "sheet.progress");
        observer.pass(Duration.ofMinutes(6));
        stream.request(300);
        observer.pass(Duration.ofMinutes(6));
        observer.publish(BUILD, "job.completed");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..256 build-7 log.line
                gap evicted 257..300 (44) at 300
                events 301..556 build-7 sheet.progress
                gap evicted 557..600 (44) at 600
                event 601 build-7 job.completed
                caught_up 601
                """);
    }

    @Test
    void events_that_go_between_finding_the_last_and_reading_them_leave_a_gap() {
        List<Runnable> beforeRead = new ArrayList<>();
        VirtualObserver observer = VirtualObserver.of(time -> output ->
                new WrappedLog(TestObserver.memoryLog(
                                new Retention(Duration.ofDays(1), 3, 0), time, () -> time.now(TimeUnit.NANOSECONDS))
                        .apply(output)) {
                    @Override
                    public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
                        List<Runnable> actions = List.copyOf(beforeRead);
                        beforeRead.clear();
                        actions.forEach(Runnable::run);
                        return super.read(after, filter, limit);
                    }
                });
        observer.publish(BUILD, "job.started", "log.line", "log.line");
        PolledReader reader = PolledReader.byHand(observer.bridge, global(last(3)));
        beforeRead.add(() -> observer.publish(BUILD, "sheet.started", "sheet.completed"));
        reader.poll();

        reader.assertSaid("""
                hello 0
                gap evicted 1..2 (2) at 2
                event 3 build-7 log.line
                event 4 build-7 sheet.started
                event 5 build-7 sheet.completed
                caught_up 5
                """);
        reader.close();
    }

    @Test
    void a_log_that_keeps_nothing_names_all_since_the_cursor_and_goes_on_live() {
        VirtualObserver observer =
                VirtualObserver.of(time -> output -> new DisabledEventLog(EPOCH, time, 1_000, output));
        observer.publish(BUILD, "job.started", "log.line", "sheet.started");

        Recording stream = observer.listen(global(resume("k3f9x2-1")));
        Recording fresh = observer.listen(global(earliest()));
        observer.publish(BUILD, "sheet.completed");

        stream.assertSaid("""
                hello 1
                gap evicted 2..3 (2) at 3
                caught_up 3
                event 4 build-7 sheet.completed
                """);
        fresh.assertSaid("""
                hello 3
                caught_up 3
                event 4 build-7 sheet.completed
                """);
    }
}
