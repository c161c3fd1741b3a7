package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.Requests.since;
import static io.observer.stream.TestObserver.BUILD;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.log.Gap;
import io.observer.stream.StreamMetrics.ResumeResult;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the streams count. */
class StreamMetricsTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void each_event_counts_once_for_each_reader_it_was_given_to() {
        observer.publish(BUILD, "job.started", "log.line");
        observer.listen(global(earliest()));
        observer.listen(named(global(earliest()), "job.*"));
        observer.publish(BUILD, "log.line", "job.completed");

        assertThat(observer.bridge.metrics().delivered()).isEqualTo(4 + 2);
    }

    @Test
    void events_that_a_reader_has_not_taken_are_not_delivered() {
        observer.listen(global(), 2);
        observer.publish(BUILD, "job.started", "log.line", "log.line");

        assertThat(observer.bridge.metrics().delivered()).isEqualTo(1);
    }

    @Test
    void dropped_events_are_counted_by_reason() {
        VirtualObserver small = VirtualObserver.keeping(100);
        Recording slow = small.listen(global(), 1);
        small.publishMany(1_500, BUILD, "log.line");
        slow.takeAll();
        small.listen(global(resume("k3f9x2-1390")));
        small.listen(global(resume("zzz-1")));
        small.listen(global(resume("what?")));

        assertThat(droppedIn(small)).isEqualTo("SLOW=500 EVICTED=10 EPOCH=0 UNKNOWN=0");
    }

    @Test
    void a_gap_of_unknown_size_adds_nothing() {
        VirtualObserver small = VirtualObserver.keeping(2);
        small.publishMany(10, BUILD, "log.line");
        small.listen(named(global(resume("k3f9x2-1")), "log.*"));

        assertThat(droppedIn(small)).isEqualTo("SLOW=0 EVICTED=0 EPOCH=0 UNKNOWN=0");
    }

    @Test
    void a_stream_that_begins_at_a_cursor_counts_by_how_the_cursor_was_found() {
        VirtualObserver small = VirtualObserver.keeping(5);
        small.publishMany(10, BUILD, "log.line");

        small.listen(global(resume("k3f9x2-10")));
        small.listen(global(resume("k3f9x2-5")));
        small.listen(global(since("7")));
        assertThat(resumesOf(small)).isEqualTo("HIT=3 GAP=0 EPOCH=0");

        small.listen(global(resume("k3f9x2-4")));
        small.listen(global(since("0")));
        small.listen(global(resume("k3f9x2-11")));
        small.listen(global(resume("what?")));
        assertThat(resumesOf(small)).isEqualTo("HIT=3 GAP=4 EPOCH=0");

        small.listen(global(resume("zzz-10")));
        assertThat(resumesOf(small)).isEqualTo("HIT=3 GAP=4 EPOCH=1");
    }

    @Test
    void a_stream_that_begins_without_a_cursor_is_no_resume() {
        observer.listen(global());
        observer.listen(global(earliest()));
        observer.listen(global(last(5)));

        assertThat(resumesOf(observer)).isEqualTo("HIT=0 GAP=0 EPOCH=0");
    }

    @Test
    void open_streams_are_those_that_somebody_reads() {
        assertThat(observer.bridge.openStreams()).isZero();
        Recording first = observer.listen(global());
        observer.listen(global());
        assertThat(observer.bridge.openStreams()).isEqualTo(2);

        first.cancel();
        assertThat(observer.bridge.openStreams()).isEqualTo(1);
    }

    private static String droppedIn(VirtualObserver observer) {
        return Arrays.stream(Gap.Reason.values())
                .map(reason -> reason + "=" + observer.bridge.metrics().dropped(reason))
                .collect(Collectors.joining(" "));
    }

    private static String resumesOf(VirtualObserver observer) {
        return Arrays.stream(ResumeResult.values())
                .map(result -> result + "=" + observer.bridge.metrics().resumes(result))
                .collect(Collectors.joining(" "));
    }
}
