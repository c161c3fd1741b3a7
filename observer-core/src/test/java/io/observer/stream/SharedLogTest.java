package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.TestObserver.BUILD;

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
    private static final Gap OTHER_EPOCH = new Gap(Gap.Reason.EPOCH, null, null, null);

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
        public Mono<Void> reach(long id) {
            return reached.asMono();
        }

        @Override
        public Mono<LogPage> read(long after, EventFilter filter, PageLimit limit) {
            return Mono.defer(() -> away
                    ? Mono.error(new LogUnavailableException("away, as this test has it"))
                    : super.read(after, filter, limit));
        }
    }
}
