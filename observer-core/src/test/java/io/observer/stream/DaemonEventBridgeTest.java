package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.TestObserver.BUILD;
import static io.observer.stream.TestObserver.DEPLOY;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The bridge as a library user meets it: a flux of everything, a flux for each job. */
class DaemonEventBridgeTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void the_global_flux_holds_the_events_of_all_jobs() {
        StepVerifier.create(observer.bridge.global())
                .expectNext(new StreamItem.Hello(0))
                .then(() -> observer.publish(BUILD, "job.started"))
                .then(() -> observer.publish(DEPLOY, "job.started"))
                .assertNext(item -> assertEvent(item, 1, BUILD))
                .assertNext(item -> assertEvent(item, 2, DEPLOY))
                .thenCancel()
                .verify();
    }

    @Test
    void the_flux_of_a_job_holds_its_events_and_completes_with_it() {
        StepVerifier.create(observer.bridge.job(BUILD))
                .expectNext(new StreamItem.Hello(0))
                .then(() -> observer.publish(DEPLOY, "job.started"))
                .then(() -> observer.publish(BUILD, "job.completed"))
                .assertNext(item -> assertEvent(item, 2, BUILD))
                .expectNext(new StreamItem.JobFinished(2, BUILD, JobState.COMPLETED))
                .verifyComplete();
    }

    @Test
    void a_silent_flux_beats() {
        StepVerifier.create(observer.bridge.global())
                .expectNext(new StreamItem.Hello(0))
                .then(() -> observer.pass(Duration.ofSeconds(30)))
                .expectNext(new StreamItem.Heartbeat(0, 0))
                .thenCancel()
                .verify();
    }

    @Test
    void a_flux_says_no_more_than_is_asked_of_it() {
        observer.publishMany(3, BUILD, "log.line");

        StepVerifier.create(observer.bridge.stream(global(earliest())), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(new StreamItem.Hello(0))
                .thenRequest(2)
                .assertNext(item -> assertEvent(item, 1, BUILD))
                .assertNext(item -> assertEvent(item, 2, BUILD))
                .thenRequest(2)
                .assertNext(item -> assertEvent(item, 3, BUILD))
                .expectNext(new StreamItem.CaughtUp(3))
                .thenCancel()
                .verify();
    }

    @Test
    void the_usual_operators_apply() {
        observer.publishMany(5, BUILD, "log.line");
        Flux<Long> ids = observer.bridge.stream(global(earliest()))
                .ofType(StreamItem.Delivered.class)
                .map(StreamItem.Delivered::position)
                .take(3);

        StepVerifier.create(ids).expectNext(1L, 2L, 3L).verifyComplete();
        assertThat(observer.bridge.openStreams()).isZero();
    }

    @Test
    void every_item_stands_at_the_position_that_a_reader_resumes_after() {
        observer.publish(BUILD, "job.started", "job.completed");

        StepVerifier.create(observer.bridge.stream(Requests.job(BUILD, earliest())))
                .expectNextMatches(item -> item.position() == 0)
                .expectNextMatches(item -> item.position() == 1)
                .expectNextMatches(item -> item.position() == 2)
                .expectNext(new StreamItem.CaughtUp(2))
                .expectNext(new StreamItem.JobFinished(2, BUILD, JobState.COMPLETED))
                .verifyComplete();
    }

    private static void assertEvent(StreamItem item, long id, String job) {
        assertThat(item).isInstanceOfSatisfying(StreamItem.Delivered.class, delivered -> {
            assertThat(delivered.event().id()).isEqualTo(id);
            assertThat(delivered.event().jobId()).isEqualTo(job);
        });
    }
}
