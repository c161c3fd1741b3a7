package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.following;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.TestObserver.BUILD;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.LogPage;
import io.observer.log.PageLimit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.publisher.PublisherProbe;

/** How streams end other than with their job: the server stops, the reader leaves, the log cannot be read. */
class StreamEndTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void a_server_that_stops_tells_every_stream_and_ends_it() {
        Recording everything = observer.listen(global());
        Recording build = observer.listen(job(BUILD, earliest()));
        Recording follower = observer.listen(following(job(BUILD)));
        observer.bridge.stop();

        everything.assertSaid("""
                hello 0
                stopped
                end
                """);
        build.assertSaid("""
                hello 0
                caught_up 0
                stopped
                end
                """);
        follower.assertSaid("""
                hello 0
                stopped
                end
                """);
        assertNothingIsLeft();
    }

    @Test
    void live_events_that_wait_for_a_reader_come_before_the_stop() {
        Recording stream = observer.listen(global(), 1);
        observer.publish(BUILD, "job.started", "log.line");
        observer.bridge.stop();
        stream.assertSaid("""
                hello 0
                """);

        stream.takeAll();
        stream.assertSaid("""
                event 1 build-7 job.started
                event 2 build-7 log.line
                stopped
                end
                """);
    }

    @Test
    void the_gap_of_a_slow_reader_comes_before_the_stop_too() {
        Recording stream = observer.listen(global(), 1);
        observer.publishMany(1_001, BUILD, "log.line");
        observer.bridge.stop();
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                gap slow 1..1 (1) at 1
                events 2..1001 build-7 log.line
                stopped
                end
                """);
    }

    @Test
    void a_stop_cuts_a_replay_short() {
        observer.publishMany(600, BUILD, "log.line");
        Recording stream = observer.listen(global(earliest()), 8);
        observer.bridge.stop();
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                events 1..7 build-7 log.line
                stopped
                end
                """);
    }

    @Test
    void a_stop_is_said_once() {
        Recording stream = observer.listen(global(), 1);
        observer.bridge.stop();
        observer.bridge.stop();
        stream.takeAll();

        stream.assertSaid("""
                hello 0
                stopped
                end
                """);
    }

    @Test
    void a_stream_that_is_opened_after_the_stop_is_stopped_at_once() {
        observer.publish(BUILD, "job.started");
        observer.bridge.stop();

        observer.listen(global(earliest())).assertSaid("""
                stopped
                end
                """);
        assertNothingIsLeft();
    }

    @Test
    void a_reader_that_leaves_leaves_nothing_behind() {
        observer.publishMany(600, BUILD, "log.line");
        Recording unopened = observer.listen(global(), 0);
        Recording replaying = observer.listen(global(earliest()), 8);
        Recording live = observer.listen(global());
        Recording filtered = observer.listen(named(job(BUILD, last(3)), "log.*"));
        assertThat(observer.bridge.openStreams()).isEqualTo(4);
        assertThat(observer.bus.subscribers()).isEqualTo(2);

        unopened.cancel();
        replaying.cancel();
        live.cancel();
        filtered.cancel();

        assertNothingIsLeft();
    }

    @Test
    void a_reader_that_left_hears_nothing_more() {
        Recording stream = observer.listen(global());
        stream.cancel();
        observer.publish(BUILD, "job.started");
        observer.bridge.stop();

        stream.assertSaid("""
                hello 0
                """);
    }

    @Test
    void a_stream_that_ended_with_its_job_leaves_nothing_behind() {
        Recording stream = observer.listen(job(BUILD));
        observer.publish(BUILD, "job.completed");

        stream.assertSaid("""
                hello 0
                event 1 build-7 job.completed
                job_finished build-7 completed at 1
                end
                """);
        assertNothingIsLeft();
    }

    @Test
    void a_reader_may_be_closed_any_number_of_times() {
        StreamReader reader = observer.bridge.open(global(), () -> {});
        reader.poll();
        reader.close();
        reader.close();

        assertNothingIsLeft();
    }

    @Test
    void a_reader_that_is_polled_after_it_was_closed_stays_off_the_bus() {
        StreamReader reader = observer.bridge.open(global(), () -> {});
        reader.close();
        reader.poll();

        assertNothingIsLeft();
    }

    @Test
    void a_log_that_cannot_be_read_ends_the_stream() {
        VirtualObserver broken = VirtualObserver.over(log -> reading(log, (after, page) -> Mono.error(new DiskGone())));

        broken.listen(global(earliest())).assertSaid("""
                hello 0
                end
                """);
        assertNothingIsLeft(broken);
    }

    @Test
    void a_log_that_breaks_during_a_replay_ends_the_stream_after_what_could_be_read() {
        VirtualObserver broken = VirtualObserver.over(
                log -> reading(log, (after, page) -> after < 256 ? page : Mono.error(new DiskGone())));
        broken.publishMany(600, BUILD, "log.line");
        Recording live = broken.listen(global());

        broken.listen(global(earliest())).assertSaid("""
                hello 0
                events 1..256 build-7 log.line
                end
                """);

        live.assertSaid("""
                hello 600
                """);
        broken.publish(BUILD, "job.completed");
        live.assertSaid("""
                event 601 build-7 job.completed
                """);
    }

    @Test
    void a_log_that_cannot_find_the_last_events_ends_the_stream() {
        VirtualObserver broken = VirtualObserver.over(log -> new WrappedLog(log) {
            @Override
            public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
                return Mono.error(new DiskGone());
            }
        });

        broken.listen(global(last(3))).assertSaid("""
                end
                """);
        assertNothingIsLeft(broken);
    }

    @Test
    void a_reader_that_leaves_while_the_log_is_being_read_calls_the_reading_off() {
        PublisherProbe<LogPage> page = PublisherProbe.of(Mono.never());
        VirtualObserver slow = VirtualObserver.over(log -> reading(log, (after, answer) -> page.mono()));
        Recording stream = slow.listen(global(earliest()));
        stream.assertSaid("""
                hello 0
                """);
        page.assertWasSubscribed();

        stream.cancel();

        page.assertWasCancelled();
        assertNothingIsLeft(slow);
    }

    @Test
    void a_stop_does_not_wait_for_a_log_that_is_being_read() {
        VirtualObserver slow = VirtualObserver.over(log -> reading(log, (after, answer) -> Mono.never()));
        Recording stream = slow.listen(global(earliest()));
        slow.bridge.stop();

        stream.assertSaid("""
                hello 0
                stopped
                end
                """);
        assertNothingIsLeft(slow);
    }

    private void assertNothingIsLeft() {
        assertNothingIsLeft(observer);
    }

    private static void assertNothingIsLeft(VirtualObserver observer) {
        assertThat(observer.bridge.openStreams()).isZero();
        assertThat(observer.bus.subscribers()).isZero();
        assertThat(observer.hasTimer()).isFalse();
    }

    /** A log whose pages are what {@code answer} makes of the position asked for and the true answer. */
    private static EventLog reading(EventLog log, BiFunction<Long, Mono<LogPage>, Mono<LogPage>> answer) {
        return new WrappedLog(log) {
            @Override
            public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
                return answer.apply(after, super.read(after, filter, limit));
            }
        };
    }

    /** Without a trace, which would only fill the output of the tests. */
    private static final class DiskGone extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DiskGone() {
            super("the disk is gone", null, false, false);
        }
    }
}
