package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.following;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.named;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.Requests.since;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a reader that comes back need not come back again: its job is over and it has all that is left of it. */
class HasHeardAllTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @ParameterizedTest
    @ValueSource(strings = {"k3f9x2-2", "k3f9x2-3", "2", "3"})
    void a_reader_at_or_behind_the_last_event_of_a_job_that_is_over_has_heard_all(String lastEventId) {
        observer.publish(BUILD, "job.started", "job.completed");
        observer.publish(DEPLOY, "job.started");

        assertThat(hasHeardAll(job(BUILD, resume(lastEventId)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"job.completed", "job.failed", "job.cancelled"})
    void it_does_not_matter_how_the_job_went(String event) {
        observer.publish(BUILD, "job.started", event);

        assertThat(hasHeardAll(job(BUILD, resume("k3f9x2-2")))).isTrue();
    }

    @Test
    void a_reader_with_events_before_it_has_not() {
        observer.publish(BUILD, "job.started", "job.completed");

        assertThat(hasHeardAll(job(BUILD, resume("k3f9x2-1")))).isFalse();
        assertThat(hasHeardAll(job(BUILD, resume("0")))).isFalse();
    }

    @Test
    void a_reader_whose_filter_hides_all_that_is_left_has() {
        observer.publish(BUILD, "job.started", "log.line", "job.completed", "log.line");

        assertThat(hasHeardAll(named(job(BUILD, resume("k3f9x2-2")), "sheet.*", "job.started")))
                .isTrue();
        assertThat(hasHeardAll(named(job(BUILD, resume("k3f9x2-2")), "job.*"))).isFalse();
    }

    @Test
    void a_reader_that_retention_has_overtaken_has_not() {
        VirtualObserver small = VirtualObserver.keeping(2);
        small.publish(BUILD, "job.started", "log.line", "job.completed");
        small.publishMany(5, DEPLOY, "log.line");

        assertThat(small.bridge.hasHeardAll(job(BUILD, resume("k3f9x2-1"))).block())
                .isFalse();
        assertThat(small.bridge.hasHeardAll(job(BUILD, resume("k3f9x2-3"))).block())
                .isTrue();
    }

    @Test
    void a_job_that_is_not_over_has_more_to_say() {
        observer.publish(BUILD, "job.started");
        assertThat(hasHeardAll(job(BUILD, resume("k3f9x2-1")))).isFalse();

        observer.publish(BUILD, "job.completed", "job.resuming");
        assertThat(hasHeardAll(job(BUILD, resume("k3f9x2-3")))).isFalse();
    }

    @Test
    void a_job_that_nobody_has_heard_of_may_still_come() {
        observer.publish(BUILD, "job.completed");

        assertThat(hasHeardAll(job("test-3", resume("k3f9x2-1")))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzz-2", "k3f9x2-3", "what?", "", "-1"})
    void a_reader_whose_position_means_nothing_here_must_be_told_so(String lastEventId) {
        observer.publish(BUILD, "job.started", "job.completed");

        assertThat(hasHeardAll(job(BUILD, resume(lastEventId)))).isFalse();
    }

    @Test
    void a_reader_that_does_not_come_back_is_given_what_it_asks_for() {
        observer.publish(BUILD, "job.started", "job.completed");

        assertThat(hasHeardAll(job(BUILD))).isFalse();
        assertThat(hasHeardAll(job(BUILD, since("k3f9x2-2")))).isFalse();
        assertThat(hasHeardAll(job(BUILD, earliest()))).isFalse();
        assertThat(hasHeardAll(job(BUILD, last(0)))).isFalse();
    }

    @Test
    void a_stream_that_does_not_end_with_a_job_always_has_more_to_say() {
        observer.publish(BUILD, "job.started", "job.completed");

        assertThat(hasHeardAll(global(resume("k3f9x2-2")))).isFalse();
        assertThat(hasHeardAll(following(job(BUILD, resume("k3f9x2-2"))))).isFalse();
    }

    @Test
    void asking_opens_no_stream() {
        observer.publish(BUILD, "job.started", "job.completed");
        hasHeardAll(job(BUILD, resume("k3f9x2-1")));

        assertThat(observer.bridge.openStreams()).isZero();
        assertThat(observer.bus.subscribers()).isZero();
    }

    private boolean hasHeardAll(StreamRequest request) {
        return observer.bridge.hasHeardAll(request).block();
    }
}
