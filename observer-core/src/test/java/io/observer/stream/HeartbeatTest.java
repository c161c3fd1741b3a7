package io.observer.stream;

import static io.observer.stream.Requests.beating;
import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Heartbeats: when a stream says that it is still there, and where it stands. */
class HeartbeatTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void a_stream_that_was_silent_for_thirty_seconds_says_where_it_stands() {
        observer.publish(BUILD, "job.started");
        Recording stream = observer.listen(global());

        observer.pass(Duration.ofMillis(29_999));
        stream.assertSaid("""
                hello 1
                """);

        observer.pass(Duration.ofMillis(1));
        stream.assertSaid("""
                heartbeat 1 dropped=0
                """);
    }

    @Test
    void a_stream_that_stays_silent_says_so_every_thirty_seconds() {
        Recording stream = observer.listen(global());

        observer.pass(Duration.ofSeconds(119));

        stream.assertSaid("""
                hello 0
                heartbeat 0 dropped=0
                heartbeat 0 dropped=0
                heartbeat 0 dropped=0
                """);
    }

    @Test
    void a_request_may_ask_for_another_pace() {
        Recording stream = observer.listen(beating(global(), Duration.ofSeconds(5)));

        observer.pass(Duration.ofSeconds(14));

        stream.assertSaid("""
                hello 0
                heartbeat 0 dropped=0
                heartbeat 0 dropped=0
                """);
    }

    @Test
    void an_event_restarts_the_wait() {
        Recording stream = observer.listen(global());
        observer.pass(Duration.ofSeconds(20));
        observer.publish(BUILD, "job.started");
        observer.pass(Duration.ofMillis(29_999));
        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                """);

        observer.pass(Duration.ofMillis(1));
        stream.assertSaid("""
                heartbeat 1 dropped=0
                """);
    }

    @Test
    void a_job_s_end_restarts_the_wait_of_a_stream_that_goes_on() {
        Recording stream = observer.listen(Requests.following(named(job(BUILD), "log.*")));
        observer.pass(Duration.ofSeconds(20));
        observer.publish(BUILD, "job.completed");
        observer.pass(Duration.ofMillis(29_999));
        stream.assertSaid("""
                hello 0
                job_finished build-7 completed at 1
                """);

        observer.pass(Duration.ofMillis(1));
        stream.assertSaid("""
                heartbeat 1 dropped=0
                """);
    }

    @Test
    void a_stream_that_is_never_silent_has_no_heartbeat() {
        Recording stream = observer.listen(global());
        for (int n = 0; n < 6; n++) {
            observer.pass(Duration.ofSeconds(29));
            observer.publish(BUILD, "log.line");
        }

        stream.assertSaid("""
                hello 0
                events 1..6 build-7 log.line
                """);
    }

    @Test
    void hidden_events_break_no_silence_but_are_covered_by_the_next_heartbeat() {
        Recording stream = observer.listen(named(global(), "job.*"));
        observer.pass(Duration.ofSeconds(20));
        observer.publishMany(3, BUILD, "log.line");
        observer.pass(Duration.ofSeconds(10));

        stream.assertSaid("""
                hello 0
                heartbeat 3 dropped=0
                """);
    }

    @Test
    void the_heartbeat_of_a_job_stream_covers_the_events_of_other_jobs() {
        Recording stream = observer.listen(job(BUILD));
        observer.publishMany(3, DEPLOY, "log.line");
        observer.pass(Duration.ofSeconds(30));

        stream.assertSaid("""
                hello 0
                heartbeat 3 dropped=0
                """);
    }

    @Test
    void a_reader_that_comes_back_from_a_heartbeat_misses_nothing_wanted() {
        Recording stream = observer.listen(named(global(), "job.*"));
        observer.publishMany(3, BUILD, "log.line");
        observer.pass(Duration.ofSeconds(30));
        stream.assertSaid("""
                hello 0
                heartbeat 3 dropped=0
                """);
        stream.cancel();
        observer.publish(BUILD, "log.line", "job.completed");

        observer.listen(named(global(resume("k3f9x2-3")), "job.*")).assertSaid("""
                hello 3
                event 5 build-7 job.completed
                caught_up 5
                """);
    }

    @Test
    void a_reader_that_takes_nothing_finds_one_heartbeat_when_it_looks_again() {
        Recording stream = observer.listen(global(), 1);
        observer.pass(Duration.ofMinutes(10));
        stream.takeAll();
        stream.assertSaid("""
                hello 0
                heartbeat 0 dropped=0
                """);

        observer.pass(Duration.ofMillis(29_999));
        stream.assertSaidNothing();
        observer.pass(Duration.ofMillis(1));
        stream.assertSaid("""
                heartbeat 0 dropped=0
                """);
    }

    @Test
    void events_that_wait_come_before_the_heartbeat_and_replace_it() {
        Recording stream = observer.listen(global(), 1);
        observer.publish(BUILD, "job.started", "log.line");
        observer.pass(Duration.ofMinutes(10));
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                """);
    }

    @Test
    void a_heartbeat_says_how_much_was_lost_on_its_stream() {
        Recording slow = observer.listen(global(), 1);
        Recording quick = observer.listen(global());
        observer.publishMany(1_200, BUILD, "log.line");
        slow.takeAll();
        observer.pass(Duration.ofSeconds(30));

        slow.assertSaid("""
                hello 0
                gap slow 1..200 (200) at 200
                events 201..1200 build-7 log.line
                heartbeat 1200 dropped=200
                """);
        quick.assertSaid("""
                hello 0
                events 1..1200 build-7 log.line
                heartbeat 1200 dropped=0
                """);
    }

    @Test
    void a_stream_that_replayed_has_heartbeats_from_then_on() {
        observer.publish(BUILD, "job.started");
        Recording stream = observer.listen(global(earliest()));
        observer.pass(Duration.ofSeconds(30));

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                caught_up 1
                heartbeat 1 dropped=0
                """);
    }
}
