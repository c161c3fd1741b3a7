package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.following;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.TestObserver.BUILD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.observer.event.Ticker;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Streams run on threads that must not block, and do not block them. */
@Tag("blockhound")
class StreamNeverBlocksTest {

    private static final Duration AT_MOST = Duration.ofMinutes(2);

    private final Scheduler parallel = Schedulers.newParallel("test-parallel", 2);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void watch() {
        BlockHound.install();
    }

    @BeforeEach
    void collectFailures() {
        Schedulers.onHandleError((thread, failure) -> failures.add(failure));
    }

    @AfterEach
    void stopThreads() {
        Schedulers.resetOnHandleError();
        parallel.dispose();
    }

    @Test
    void a_blocking_call_would_be_noticed() {
        Mono<Object> blocking = Mono.fromCallable(() -> {
                    Thread.sleep(1);
                    return "blocked";
                })
                .subscribeOn(parallel)
                .cast(Object.class);

        assertThatThrownBy(() -> blocking.block(AT_MOST)).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    @Test
    void replaying_following_and_ending_never_blocks() {
        Ticker ticker = Ticker.system();
        Retention retention = new Retention(Duration.ofHours(1), 2_000, 0);
        TestObserver observer =
                new TestObserver(TestObserver.memoryLog(retention, parallel, ticker), 1_000, parallel, ticker);
        observer.publishMany(2_500, BUILD, "log.line");
        Mono<StreamItem> everything = lastOf(observer, global(earliest()));
        Mono<StreamItem> newest = lastOf(observer, global(last(50)));
        Mono<StreamItem> resumed = lastOf(observer, global(new StreamStart.Resume("k3f9x2-3")));
        Mono<StreamItem> follower = lastOf(observer, following(job(BUILD, earliest())));
        Mono<StreamItem> job = lastOf(observer, job(BUILD, earliest()));
        Mono<StreamItem> beating = lastOf(observer, Requests.beating(global(), Duration.ofMillis(5)));

        Mono<Long> streams = Flux.merge(everything, newest, resumed, follower, job, beating)
                .doOnSubscribe(subscribed -> parallel.schedule(() -> publishAndStop(observer)))
                .count();

        assertThat(streams.block(AT_MOST)).isEqualTo(6);
        assertThat(failures).isEmpty();
        // A reader lets go after its last item was heard.
        await().atMost(AT_MOST).until(() -> observer.bridge.openStreams() == 0);
    }

    private static Mono<StreamItem> lastOf(TestObserver observer, StreamRequest request) {
        return observer.bridge.stream(request).last();
    }

    /** All of it on a thread that must not block. */
    private static void publishAndStop(TestObserver observer) {
        Flux.range(0, 500)
                .concatMap(n -> observer.append(List.of(TestObserver.draft(BUILD, "log.line"))))
                .then(observer.append(List.of(TestObserver.draft(BUILD, "job.completed"))))
                .then(observer.bridge.hasHeardAll(job(BUILD, new StreamStart.Resume("k3f9x2-3001"))))
                .subscribe(heard -> observer.bridge.stop());
    }
}
