package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.ofJobs;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.Requests.since;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.PageLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Where streams begin, what they replay, and how the replay passes into what is live. */
class StreamStartTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void a_stream_says_hello_first_and_then_what_comes_next() {
        observer.publish(BUILD, "job.started", "log.line");

        Recording stream = observer.listen(global());
        stream.assertSaid("""
                hello 2
                """);

        observer.publish(BUILD, "log.line");
        observer.publish(DEPLOY, "job.started");
        stream.assertSaid("""
                event 3 build-7 log.line
                event 4 deploy-1 job.started
                """);
    }

    @Test
    void an_event_arrives_as_the_very_bytes_that_the_log_has() {
        Recording stream = observer.listen(global());

        observer.publish(BUILD, "log.line");

        Event stored = observer.log
                .read(0, EventFilter.all(), PageLimit.of(1))
                .block()
                .events()
                .get(0);
        StreamItem.Delivered delivered = (StreamItem.Delivered) stream.items().get(1);
        assertThat(delivered.event().json()).isSameAs(stored.json());
    }

    @Test
    void earliest_replays_all_that_is_retained_and_says_when_it_is_live() {
        observer.publish(BUILD, "job.started", "log.line");

        Recording stream = observer.listen(global(earliest()));
        observer.publish(BUILD, "log.line");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                caught_up 2
                event 3 build-7 log.line
                """);
    }

    @Test
    void earliest_in_an_empty_log_is_caught_up_at_once() {
        observer.listen(global(earliest())).assertSaid("""
                hello 0
                caught_up 0
                """);
    }

    @Test
    void earliest_misses_nothing_when_older_events_are_gone() {
        VirtualObserver small = VirtualObserver.keeping(2);
        small.publish(BUILD, "job.started", "log.line", "log.line", "log.line");

        small.listen(global(earliest())).assertSaid("""
                hello 2
                event 3 build-7 log.line
                event 4 build-7 log.line
                caught_up 4
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3f9x2-2", "2"})
    void since_means_strictly_after(String cursor) {
        observer.publish(BUILD, "job.started", "log.line", "sheet.started", "sheet.completed");

        observer.listen(global(since(cursor))).assertSaid("""
                hello 2
                event 3 build-7 sheet.started
                event 4 build-7 sheet.completed
                caught_up 4
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3f9x2-0", "0"})
    void since_zero_means_from_the_start(String cursor) {
        observer.publish(BUILD, "job.started");

        observer.listen(global(since(cursor))).assertSaid("""
                hello 0
                event 1 build-7 job.started
                caught_up 1
                """);
    }

    @Test
    void since_the_head_replays_nothing_and_says_so() {
        observer.publish(BUILD, "job.started");

        observer.listen(global(since("k3f9x2-1"))).assertSaid("""
                hello 1
                caught_up 1
                """);
    }

    @Test
    void a_reader_that_comes_back_gets_what_it_missed() {
        observer.publish(BUILD, "job.started", "log.line");
        Recording first = observer.listen(global(earliest()));
        first.cancel();
        observer.publish(BUILD, "sheet.started", "sheet.completed");

        observer.listen(global(resume("k3f9x2-2"))).assertSaid("""
                hello 2
                event 3 build-7 sheet.started
                event 4 build-7 sheet.completed
                caught_up 4
                """);
    }

    @Test
    void last_starts_with_the_newest() {
        observer.publish(BUILD, "job.started", "log.line", "sheet.started");

        observer.listen(global(last(2))).assertSaid("""
                hello 1
                event 2 build-7 log.line
                event 3 build-7 sheet.started
                caught_up 3
                """);
    }

    @Test
    void last_counts_only_events_that_match() {
        observer.publish(BUILD, "job.started", "sheet.started", "log.line", "sheet.completed", "log.line");

        observer.listen(named(global(last(2)), "sheet.*")).assertSaid("""
                hello 1
                event 2 build-7 sheet.started
                event 4 build-7 sheet.completed
                caught_up 5
                """);
    }

    @Test
    void last_of_more_than_there_is_starts_with_the_oldest() {
        observer.publish(BUILD, "job.started", "log.line");

        observer.listen(global(last(1000))).assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 2 build-7 log.line
                caught_up 2
                """);
    }

    @Test
    void last_none_is_a_replay_of_nothing() {
        observer.publish(BUILD, "job.started", "log.line");

        Recording stream = observer.listen(global(last(0)));
        observer.publish(BUILD, "log.line");

        stream.assertSaid("""
                hello 2
                caught_up 2
                event 3 build-7 log.line
                """);
    }

    @Test
    void a_filter_hides_events_of_the_past_and_of_the_present() {
        observer.publish(BUILD, "job.started", "log.line", "sheet.started", "log.line");

        Recording stream = observer.listen(named(global(earliest()), "job.*", "sheet.start??"));
        observer.publish(BUILD, "log.line", "sheet.completed", "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                event 3 build-7 sheet.started
                caught_up 4
                event 7 build-7 job.completed
                """);
    }

    @Test
    void a_replay_that_finds_no_wanted_event_still_moves_to_the_head() {
        observer.publishMany(3, BUILD, "log.line");

        observer.listen(named(global(earliest()), "job.*")).assertSaid("""
                hello 0
                caught_up 3
                """);
    }

    @Test
    void a_global_stream_may_be_restricted_to_some_jobs() {
        observer.publish(BUILD, "job.started");
        observer.publish("test-3", "job.started");
        Recording stream = observer.listen(ofJobs(global(earliest()), BUILD, DEPLOY));
        observer.publish(DEPLOY, "job.started");
        observer.publish("test-3", "job.completed");
        observer.publish(BUILD, "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                caught_up 2
                event 3 deploy-1 job.started
                event 5 build-7 job.completed
                """);
    }

    @Test
    void a_job_stream_holds_only_its_job() {
        observer.publish(BUILD, "job.started");
        observer.publish(DEPLOY, "job.started");
        observer.publish("", "monitor.anomaly");

        Recording stream = observer.listen(job(BUILD, earliest()));
        observer.publish(DEPLOY, "log.line");
        observer.publish("", "monitor.anomaly");
        observer.publish(BUILD, "log.line");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.started
                caught_up 3
                event 6 build-7 log.line
                """);
    }

    @Test
    void the_stream_of_a_job_never_seen_waits_for_it() {
        Recording stream = observer.listen(job(BUILD));
        observer.publish(DEPLOY, "job.started");
        stream.assertSaid("""
                hello 0
                """);

        observer.publish(BUILD, "job.started");
        stream.assertSaid("""
                event 2 build-7 job.started
                """);
    }

    @Test
    void a_replay_of_many_pages_has_neither_hole_nor_repeat() {
        observer.publishMany(3_000, BUILD, "log.line");

        observer.listen(global(earliest())).assertSaid("""
                hello 0
                events 1..3000 build-7 log.line
                caught_up 3000
                """);
    }

    @Test
    void what_is_published_during_a_replay_is_part_of_it() {
        observer.publishMany(600, BUILD, "log.line");
        Recording stream = observer.listen(global(earliest()), 500);
        observer.publishMany(3_000, BUILD, "log.line");
        stream.takeAll();
        observer.publish(BUILD, "job.completed");

        stream.assertSaid("""
                hello 0
                events 1..3600 build-7 log.line
                caught_up 3600
                event 3601 build-7 job.completed
                """);
    }

    @Test
    void a_replay_is_read_only_as_fast_as_the_reader_takes_it() {
        observer.publishMany(600, BUILD, "log.line");

        Recording stream = observer.listen(global(earliest()), 6);
        stream.assertSaid("""
                hello 0
                events 1..5 build-7 log.line
                """);

        stream.request(2);
        stream.assertSaid("""
                event 6 build-7 log.line
                event 7 build-7 log.line
                """);
    }

    @Test
    void each_subscriber_of_a_flux_has_a_stream_of_its_own() {
        observer.publish(BUILD, "job.started");
        Flux<StreamItem> flux = observer.bridge.stream(global());

        Recording first = flux.subscribeWith(new Recording(Long.MAX_VALUE));
        observer.publish(BUILD, "log.line");
        Recording second = flux.subscribeWith(new Recording(Long.MAX_VALUE));

        first.assertSaid("""
                hello 1
                event 2 build-7 log.line
                """);
        second.assertSaid("""
                hello 2
                """);
    }

    @Test
    void nothing_is_opened_before_somebody_subscribes() {
        observer.bridge.global();

        assertThat(observer.bridge.openStreams()).isZero();
    }
}
