package io.observer.stream;

import static io.observer.stream.Requests.earliest;
import static io.observer.stream.Requests.global;
import static io.observer.stream.Requests.job;
import static io.observer.stream.Requests.last;
import static io.observer.stream.Requests.resume;
import static io.observer.stream.Requests.since;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import io.observer.log.Gap;
import io.observer.log.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The past and the present of a stream join without hole or repeat: hundreds of readers join at all kinds of places
 * while a publisher runs as fast as it can, on real threads.
 */
class StreamJoinTest {

    private static final int EVENTS = 8_000;
    private static final int READERS = 300;
    /** Those who are there before the first event, so that the slow among them certainly lose some. */
    private static final int EARLY_READERS = 30;

    private static final int JOBS = 4;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Scheduler writing = Schedulers.newSingle("test-log");
    private final Scheduler reading = Schedulers.newParallel("test-readers", 4);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
        writing.dispose();
        reading.dispose();
    }

    @Test
    void with_room_for_everything_every_reader_sees_each_id_once_and_in_order() throws Exception {
        TestObserver observer = observer(EVENTS, EVENTS);

        List<OrderCheck> readers = joinWhilePublishing(observer);

        assertThat(faultsOf(readers)).isEmpty();
        assertThat(readers).allMatch(reader -> reader.gaps() == 0);
        assertThat(observer.bridge.metrics().delivered())
                .isEqualTo(readers.stream().mapToLong(OrderCheck::delivered).sum());
        assertNothingIsLeft(observer, readers);
    }

    @Test
    void with_little_room_every_hole_is_covered_by_a_gap() throws Exception {
        TestObserver observer = observer(300, 100);

        List<OrderCheck> readers = joinWhilePublishing(observer);

        assertThat(faultsOf(readers)).isEmpty();
        assertThat(observer.bridge.metrics().dropped(Gap.Reason.SLOW)).isPositive();
        assertThat(observer.bridge.metrics().dropped(Gap.Reason.EVICTED)).isPositive();
        assertNothingIsLeft(observer, readers);
    }

    @Test
    void with_much_past_and_small_buffers_nobody_who_replays_loses_what_the_log_keeps() throws Exception {
        TestObserver observer = observer(EVENTS, 100);
        List<OrderCheck> readers = new ArrayList<>();

        List<OrderCheck> others = joinWhilePublishing(observer);
        for (int n = 0; n < 20; n++) {
            readers.add(join(observer, global(earliest()), new TinyBites("late reader " + n, 1, reading)));
        }

        assertThat(faultsOf(others)).isEmpty();
        assertThat(faultsOf(readers)).isEmpty();
        assertThat(readers).allMatch(reader -> reader.delivered() == EVENTS && reader.gaps() == 0);
        others.addAll(readers);
        assertNothingIsLeft(observer, others);
    }

    @Test
    void a_stop_reaches_every_stream_that_is_open_or_being_opened() throws Exception {
        TestObserver observer = observer(EVENTS, 1_000);
        CountDownLatch ended = new CountDownLatch(READERS);
        AtomicBoolean stopping = new AtomicBoolean();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                () -> {
                    for (int n = 0; n < 20 || !stopping.get(); n++) {
                        observer.publishMany(20, "job-0", "log.line");
                    }
                },
                threads);
        CompletableFuture<Void> joining = CompletableFuture.runAsync(
                () -> IntStream.range(0, READERS)
                        .forEach(n -> observer.bridge.stream(n % 2 == 0 ? global() : global(earliest()))
                                .last()
                                .filter(StreamItem.Stopped.class::isInstance)
                                .subscribe(stopped -> ended.countDown())),
                threads);
        try {
            await().until(() -> observer.bridge.openStreams() > READERS / 3);
            observer.bridge.stop();
        } finally {
            stopping.set(true);
        }
        publishing.get(20, TimeUnit.SECONDS);
        joining.get(20, TimeUnit.SECONDS);

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertNothingIsLeft(observer, List.of());
    }

    @Test
    void the_end_of_a_job_is_said_at_once_though_the_filter_hides_what_came_behind_it() throws Exception {
        TestObserver observer = observer(EVENTS, 1_000);
        CountDownLatch ended = new CountDownLatch(READERS);
        for (int n = 0; n < READERS; n++) {
            StreamRequest request = Requests.beating(Requests.named(job("job-" + n), "job.*"), Duration.ofHours(1));
            observer.bridge.stream(request).doOnComplete(ended::countDown).subscribe();
        }
        await().until(() -> observer.bus.subscribers() == READERS);
        for (int n = 0; n < READERS; n++) {
            String job = "job-" + n;
            EventDraft hidden = TestObserver.draft(job, "log.line");
            observer.publishAtOnce(TestObserver.draft(job, "job.completed"), hidden, hidden);
            observer.publishAtOnce(hidden, hidden, hidden);
        }

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertNothingIsLeft(observer, List.of());
    }

    @Test
    @Timeout(60)
    void a_reader_that_is_polled_at_every_moment_skips_nothing() throws Exception {
        int events = 50_000;
        TestObserver observer = observer(events, events);
        StreamReader reader = observer.bridge.open(global(), () -> {});
        OrderCheck check = new OrderCheck("polled reader", 1, events);
        check.hookOnNext(reader.poll());
        EventDraft draft = TestObserver.draft("job-0", "log.line");
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(
                () -> Flux.range(0, events)
                        .concatMap(n -> observer.append(List.of(draft)))
                        .blockLast(),
                threads);
        while (!check.isDone() && !Thread.currentThread().isInterrupted()) {
            StreamItem item = reader.poll();
            if (item != null) {
                check.hookOnNext(item);
            }
        }
        publishing.get(20, TimeUnit.SECONDS);

        assertThat(check.faults()).isEmpty();
        reader.close();
    }

    private TestObserver observer(int ring, int buffer) {
        Ticker ticker = Ticker.system();
        Retention retention = new Retention(Duration.ofHours(1), ring, 0);
        return new TestObserver(TestObserver.memoryLog(retention, writing, ticker), buffer, reading, ticker);
    }

    /** Publishes all events in one thread while readers join in another, spread over the whole time. */
    private List<OrderCheck> joinWhilePublishing(TestObserver observer) throws Exception {
        List<OrderCheck> readers = new ArrayList<>();
        for (int n = 0; n < EARLY_READERS; n++) {
            readers.add(joinOneOfMany(observer, n));
        }
        await().until(() -> observer.bus.subscribers() == EARLY_READERS);
        Semaphore mayJoin = new Semaphore(0);
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishAll(observer, mayJoin), threads);
        for (int n = EARLY_READERS; n < READERS; n++) {
            assertThat(mayJoin.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            readers.add(joinOneOfMany(observer, n));
        }
        publishing.get(20, TimeUnit.SECONDS);
        return readers;
    }

    /** Event {@code n} belongs to job {@code n mod JOBS}. */
    private static void publishAll(TestObserver observer, Semaphore mayJoin) {
        Random random = new Random(20_260);
        int published = 0;
        int joined = EARLY_READERS;
        while (published < EVENTS) {
            int size = Math.min(1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 20), EVENTS - published);
            List<EventDraft> batch = IntStream.rangeClosed(published + 1, published + size)
                    .mapToObj(id -> TestObserver.draft("job-" + id % JOBS, "log.line"))
                    .toList();
            observer.append(batch).block();
            published += size;
            for (; joined < (long) published * READERS / EVENTS; joined++) {
                mayJoin.release();
            }
        }
    }

    private OrderCheck joinOneOfMany(TestObserver observer, int n) {
        long head = observer.log.bounds().lastId();
        List<StreamStart> starts = List.of(
                since("0"), resume(TestObserver.EPOCH + "-" + head / 2), last(50), earliest(), new StreamStart.Next());
        StreamStart start = starts.get(n % starts.size());
        boolean oneJob = n % 3 == 0;
        int step = oneJob ? JOBS : 1;
        String name = "reader " + n + " from " + start;
        OrderCheck reader = switch (n % 8) {
            case 5 -> new TinyBites(name, step, reading);
            case 6 -> new Staller(name, step);
            case 7 -> new Leaver(name, step);
            default -> new OrderCheck(name, step, EVENTS);
        };
        return join(observer, oneJob ? job("job-0", start) : global(start), reader);
    }

    private static OrderCheck join(TestObserver observer, StreamRequest request, OrderCheck reader) {
        return observer.bridge.stream(request).subscribeWith(reader);
    }

    /** What the first reader that is not content complains of; one that got stuck takes its time to be found out. */
    private static List<String> faultsOf(List<OrderCheck> readers) throws InterruptedException {
        List<String> faults = new ArrayList<>();
        for (OrderCheck reader : readers) {
            if (faults.isEmpty()) {
                faults.addAll(reader.faults());
            }
        }
        return faults;
    }

    private static void assertNothingIsLeft(TestObserver observer, List<OrderCheck> readers) {
        readers.forEach(OrderCheck::leave);
        await().untilAsserted(() -> {
            assertThat(observer.bridge.openStreams()).isZero();
            assertThat(observer.bus.subscribers()).isZero();
        });
        assertThat(observer.bus.failures()).isZero();
    }

    /** Takes a few items at a time and asks for more from another thread. */
    private static final class TinyBites extends OrderCheck {

        private static final int BITE = 7;

        private final Scheduler asking;
        private int taken;

        TinyBites(String name, int step, Scheduler asking) {
            super(name + " in tiny bites", step, EVENTS);
            this.asking = asking;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(BITE);
        }

        @Override
        protected void hookOnNext(StreamItem item) {
            super.hookOnNext(item);
            if (++taken % BITE == 0) {
                asking.schedule(() -> request(BITE));
            }
        }
    }

    /** Takes some items and then nothing until everything was published. */
    private static final class Staller extends OrderCheck {

        Staller(String name, int step) {
            super(name + " that stalls", step, EVENTS);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(60);
        }
    }

    /** Goes away early. */
    private static final class Leaver extends OrderCheck {

        private int taken;

        Leaver(String name, int step) {
            super(name + " that leaves", step, EVENTS);
        }

        @Override
        protected void hookOnNext(StreamItem item) {
            super.hookOnNext(item);
            if (++taken == 100) {
                leave();
            }
        }
    }
}
