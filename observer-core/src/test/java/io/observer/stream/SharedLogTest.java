package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.TestObserver.BUILD;

import io.observer.event.Cursor;
import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.Gap;
import io.observer.log.LogPage;
import io.observer.log.LogUnavailableException;
import io.observer.log.PageLimit;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@DisplayName("A stream of a log that others write to, and that may be out of reach")
class SharedLogTest {

    private static final Duration TO_ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final Gap OTHER_EPOCH = new Gap(Gap.Reason.EPOCH, null, null, null);

    private static final LogUnavailableException OUT_OF_REACH =
            new LogUnavailableException("away, as this test has it");

    private final Sinks.Empty<Void> reached = Sinks.empty();
    private boolean away;
    private final VirtualObserver observer = VirtualObserver.over(Shared::new);

    @Test
    void waits_for_what_its_reader_has_seen_elsewhere() {
        observer.publish(BUILD, "a");

        Recording reader = observer.listen(global(resume("k3f9x2-2")));
        reader.assertSaidNothing();
        observer.publish(BUILD, "b");
        reached.tryEmitEmpty();
        observer.publish(BUILD, "c");

        reader.assertSaid("""
                hello 2
                caught_up 2
                event 3 build-7 c
                """);
    }

    @Test
    void says_a_gap_to_a_reader_of_what_nobody_ever_stored() {
        observer.publish(BUILD, "a");

        Recording reader = observer.listen(global(resume("k3f9x2-9")));
        reached.tryEmitEmpty();

        reader.assertSaid("""
                hello 0
                gap unknown ?..? (?) at 0
                event 1 build-7 a
                caught_up 1
                """);
    }

    @Test
    void waits_while_it_cannot_read_and_then_reads_on() {
        observer.publish(BUILD, "a", "b");
        away = true;

        Recording reader = observer.listen(global(earliest()));
        reader.assertSaid("hello 0\n");
        observer.bridge.sourceDisconnected("redis", 1);
        observer.pass(TO_ASK_AGAIN.multipliedBy(3));
        reader.assertSaid("source_disconnected redis retry=1\n");
        away = false;
        observer.pass(TO_ASK_AGAIN);

        reader.assertSaid("""
                event 1 build-7 a
                event 2 build-7 b
                caught_up 2
                """);
    }

    @Test
    void greets_a_reader_of_the_newest_before_it_can_tell_which_they_are() {
        observer.publish(BUILD, "a", "b", "c");
        away = true;
        observer.bridge.sourceDisconnected("redis", 1);

        Recording reader = observer.listen(global(last(2)));

        reader.assertSaid("""
                hello 0
                source_disconnected redis retry=1
                """);
        observer.pass(HEARTBEAT);
        reader.assertSaid("heartbeat 0 dropped=0\n");
        away = false;
        observer.pass(TO_ASK_AGAIN);
        reader.assertSaid("""
                event 2 build-7 b
                event 3 build-7 c
                caught_up 3
                """);
    }

    @Test
    void greets_a_reader_that_is_ahead_where_it_stands() {
        observer.publish(BUILD, "a");
        away = true;

        Recording reader = observer.listen(global(resume("k3f9x2-2")));
        reader.assertSaid("hello 2\n");
        observer.publish(BUILD, "b");
        away = false;
        reached.tryEmitEmpty();
        observer.pass(TO_ASK_AGAIN);
        observer.publish(BUILD, "c");

        reader.assertSaid("""
                caught_up 2
                event 3 build-7 c
                """);
    }

    @Test
    void asks_whether_another_epoch_has_begun_before_it_says_a_gap() {
        observer.publish(BUILD, "a");
        away = true;

        Recording reader = observer.listen(global(resume("other-2")));
        reader.assertSaid("hello 0\n");
        away = false;
        reached.tryEmitEmpty();
        observer.pass(TO_ASK_AGAIN);

        reader.assertSaid("""
                gap epoch ?..? (?) at 0
                event 1 build-7 a
                caught_up 1
                """);
    }

    @Test
    void beats_while_it_cannot_read() {
        observer.publish(BUILD, "a");
        away = true;

        Recording reader = observer.listen(global(earliest()));
        observer.pass(HEARTBEAT);

        reader.assertSaid("""
                hello 0
                heartbeat 0 dropped=0
                """);
    }

    @Test
    void reads_again_from_where_it_stands_and_repeats_nothing() {
        Recording reader = observer.listen(global());
        observer.publish(BUILD, "a", "b");

        observer.bridge.rewound(Long.MAX_VALUE, null);
        observer.publish(BUILD, "c");

        reader.assertSaid("""
                hello 0
                event 1 build-7 a
                event 2 build-7 b
                event 3 build-7 c
                """);
    }

    @Test
    void goes_back_to_where_the_log_is_the_same_and_says_why() {
        Recording reader = observer.listen(global());
        observer.publish(BUILD, "a", "b", "c");

        observer.bus.rewindTo(1);
        observer.bridge.rewound(1, OTHER_EPOCH);
        observer.publish(BUILD, "d");

        reader.assertSaid("""
                hello 0
                event 1 build-7 a
                event 2 build-7 b
                event 3 build-7 c
                gap epoch ?..? (?) at 1
                event 2 build-7 b
                event 3 build-7 c
                event 4 build-7 d
                """);
    }

    @Test
    void drops_a_page_that_it_had_begun_when_the_log_goes_on_otherwise() {
        observer.publish(BUILD, "a", "b", "c");
        Recording reader = observer.listen(global(earliest()), 3);
        reader.assertSaid("""
                hello 0
                event 1 build-7 a
                event 2 build-7 b
                """);

        observer.bridge.rewound(1, OTHER_EPOCH);
        reader.takeAll();

        reader.assertSaid("""
                gap epoch ?..? (?) at 1
                event 2 build-7 b
                event 3 build-7 c
                caught_up 3
                """);
    }

    private final class Shared extends WrappedLog {

        Shared(EventLog log) {
            super(log);
        }

        @Override
        public Mono<Void> reach(Cursor cursor) {
            return Mono.defer(() -> away ? Mono.error(OUT_OF_REACH) : reached.asMono());
        }

        @Override
        public Mono<Long> positionBeforeLast(int count, EventFilter filter) {
            return Mono.defer(() -> away ? Mono.error(OUT_OF_REACH) : super.positionBeforeLast(count, filter));
        }

        @Override
        public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
            return Mono.defer(() -> away ? Mono.error(OUT_OF_REACH) : super.read(after, filter, limit));
        }
    }
}
