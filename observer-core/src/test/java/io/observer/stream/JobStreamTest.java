package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.following;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static io.observer.stream.TestObserver.draft;

import io.observer.log.DisabledEventLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the stream of a job ends with the job, or does not. */
class JobStreamTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @ParameterizedTest
    @CsvSource({"job.completed, completed", "job.failed, failed", "job.cancelled, cancelled"})
    void a_job_stream_ends_with_its_job_and_says_how_it_went(String event, String finalStatus) {
        Recording stream = observer.listen(job(BUILD));
        observer.publish(BUILD, "job.started", "log.line", event);

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                event 3 build-7 %s
                job_finished build-7 %s at 3
                end
                """.formatted(event, finalStatus));
    }

    @ParameterizedTest
    @CsvSource({"job.started", "job.resuming", "job.progress", "sheet.completed"})
    void a_job_stream_stays_open_while_its_job_is_not_over(String event) {
        Recording stream = observer.listen(job(BUILD));
        observer.publish(BUILD, event);

        stream.assertSaid("""
                hello 0
                event 1 build-7 %s
                """.formatted(event));
    }

    @Test
    void the_end_of_another_job_ends_nothing() {
        Recording stream = observer.listen(job(BUILD));
        observer.publish(BUILD, "job.started");
        observer.publish(DEPLOY, "job.started", "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                """);
    }

    @Test
    void a_global_stream_says_nothing_of_jobs_that_are_over() {
        Recording stream = observer.listen(global());
        observer.publish(BUILD, "job.started", "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.completed
                """);
    }

    @Test
    void a_job_that_is_over_is_replayed_to_its_end() {
        observer.publish(BUILD, "job.started", "job.completed");
        observer.publish(DEPLOY, "job.started");

        observer.listen(job(BUILD, earliest())).assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.completed
                caught_up 3
                job_finished build-7 completed at 3
                end
                """);
    }

    @Test
    void without_a_position_a_job_that_is_over_is_only_said_to_be_over() {
        observer.publish(BUILD, "job.started", "job.failed");

        observer.listen(job(BUILD)).assertSaid("""
                hello 2
                job_finished build-7 failed at 2
                end
                """);
    }

    @Test
    void the_last_events_of_a_job_that_is_over_come_before_its_end() {
        observer.publish(BUILD, "job.started", "log.line", "job.cancelled");

        observer.listen(job(BUILD, last(1))).assertSaid("""
                hello 2
                event 3 build-7 job.cancelled
                caught_up 3
                job_finished build-7 cancelled at 3
                end
                """);
    }

    @Test
    void a_reader_that_has_it_all_and_opens_a_stream_nevertheless_hears_the_end_again() {
        observer.publish(BUILD, "job.started", "job.completed");

        observer.listen(job(BUILD, resume("k3f9x2-2"))).assertSaid("""
                hello 2
                caught_up 2
                job_finished build-7 completed at 2
                end
                """);
    }

    @Test
    void several_runs_are_replayed_through() {
        observer.publish(BUILD, "job.started", "job.failed", "job.resuming", "log.line", "job.completed");

        observer.listen(job(BUILD, earliest())).assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.failed
                event 3 build-7 job.resuming
                event 4 build-7 log.line
                event 5 build-7 job.completed
                caught_up 5
                job_finished build-7 completed at 5
                end
                """);
    }

    @Test
    void a_job_that_has_started_again_is_not_over() {
        observer.publish(BUILD, "job.started", "job.completed", "job.started");

        Recording stream = observer.listen(job(BUILD, earliest()));
        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.completed
                event 3 build-7 job.started
                caught_up 3
                """);

        observer.publish(BUILD, "job.failed");
        stream.assertSaid("""
                event 4 build-7 job.failed
                job_finished build-7 failed at 4
                end
                """);
    }

    @Test
    void the_end_is_said_after_a_slow_reader_has_taken_what_waits() {
        Recording stream = observer.listen(job(BUILD), 2);
        observer.publish(BUILD, "job.started", "log.line", "job.completed");
        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                """);

        stream.request(1);
        stream.assertSaid("""
                event 2 build-7 log.line
                """);
        stream.takeAll();
        stream.assertSaid("""
                event 3 build-7 job.completed
                job_finished build-7 completed at 3
                end
                """);
    }

    @Test
    void the_end_is_said_after_the_gap_of_a_reader_that_lost_events() {
        Recording stream = observer.listen(job(BUILD), 1);
        observer.publishMany(1_500, BUILD, "log.line");
        observer.publish(BUILD, "job.completed");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                gap slow 1..501 (501) at 501
                events 502..1500 build-7 log.line
                event 1501 build-7 job.completed
                job_finished build-7 completed at 1501
                end
                """);
    }

    @Test
    void a_job_that_ends_during_a_replay_is_replayed_to_its_end_first() {
        observer.publishMany(600, BUILD, "log.line");
        Recording stream = observer.listen(job(BUILD, earliest()), 100);
        observer.publish(BUILD, "job.completed");
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..600 build-7 log.line
                event 601 build-7 job.completed
                caught_up 601
                job_finished build-7 completed at 601
                end
                """);
    }

    @Test
    void a_job_whose_events_are_all_gone_is_still_over() {
        VirtualObserver small = VirtualObserver.keeping(2);
        small.publish(BUILD, "job.started", "job.completed");
        small.publishMany(5, DEPLOY, "log.line");

        small.listen(job(BUILD, resume("k3f9x2-1"))).assertSaid("""
                hello 1
                gap evicted 2..5 (?) at 5
                caught_up 7
                job_finished build-7 completed at 7
                end
                """);
    }

    @Test
    void a_log_that_keeps_nothing_still_ends_the_streams_of_its_jobs() {
        VirtualObserver forgetful =
                VirtualObserver.of(time -> output -> new DisabledEventLog(TestObserver.EPOCH, time, 1_000, output));
        Recording stream = forgetful.listen(job(BUILD));
        forgetful.publish(BUILD, "job.started", "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.completed
                job_finished build-7 completed at 2
                end
                """);
    }

    @Test
    void a_filter_that_hides_the_event_of_the_end_does_not_hide_the_end() {
        Recording stream = observer.listen(named(job(BUILD), "log.*"));
        observer.publish(BUILD, "job.started", "log.line", "job.completed");

        stream.assertSaid("""
                hello 0
                event 2 build-7 log.line
                job_finished build-7 completed at 3
                end
                """);
    }

    @Test
    void hidden_events_behind_the_end_do_not_hold_it_up() {
        PolledReader reader = PolledReader.eager(observer.bridge, named(job(BUILD), "job.*"));
        observer.publishAtOnce(
                draft(BUILD, "job.completed"), draft(BUILD, "log.line"), draft(BUILD, "sheet.completed"));

        reader.assertSaid("""
                hello 0
                event 1 build-7 job.completed
                job_finished build-7 completed at 3
                end
                """);
        reader.close();
    }

    @Test
    void wanted_events_behind_the_end_come_before_it() {
        PolledReader reader = PolledReader.eager(observer.bridge, job(BUILD));
        observer.publishAtOnce(draft(BUILD, "job.completed"), draft(DEPLOY, "log.line"), draft(BUILD, "log.line"));

        reader.assertSaid("""
                hello 0
                event 1 build-7 job.completed
                event 3 build-7 log.line
                job_finished build-7 completed at 3
                end
                """);
        reader.close();
    }

    @Test
    void a_job_that_ends_and_starts_in_one_batch_is_not_over() {
        PolledReader reader = PolledReader.eager(observer.bridge, job(BUILD));
        observer.publishAtOnce(draft(BUILD, "job.completed"), draft(BUILD, "job.started"));

        reader.assertSaid("""
                hello 0
                event 1 build-7 job.completed
                event 2 build-7 job.started
                """);
        reader.close();
    }

    @Test
    void a_stream_that_follows_goes_on_after_the_end() {
        Recording stream = observer.listen(following(job(BUILD)));
        observer.publish(BUILD, "job.started", "job.completed");
        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 job.completed
                job_finished build-7 completed at 2
                """);

        observer.publish(BUILD, "job.started", "job.failed");
        stream.assertSaid("""
                event 3 build-7 job.started
                event 4 build-7 job.failed
                job_finished build-7 failed at 4
                """);
    }

    @Test
    void a_stream_that_follows_says_the_end_of_a_run_once() {
        Recording stream = observer.listen(following(job(BUILD)));
        observer.publish(BUILD, "job.completed", "log.line", "job.progress");
        observer.publish(DEPLOY, "job.completed");
        observer.pass(Duration.ofSeconds(30));

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.completed
                job_finished build-7 completed at 1
                event 2 build-7 log.line
                event 3 build-7 job.progress
                heartbeat 4 dropped=0
                """);
    }

    @Test
    void a_stream_that_follows_a_job_that_is_over_says_so_and_waits() {
        observer.publish(BUILD, "job.completed");
        Recording stream = observer.listen(following(job(BUILD, resume("k3f9x2-1"))));
        observer.publish(BUILD, "job.resuming");

        stream.assertSaid("""
                hello 1
                caught_up 1
                job_finished build-7 completed at 1
                event 2 build-7 job.resuming
                """);
    }
}
