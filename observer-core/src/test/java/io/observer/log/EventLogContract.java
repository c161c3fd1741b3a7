package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What every event log promises, even one that keeps nothing. The test of a backend extends this, or
 * {@link RetainedEventLogContract} if it keeps events, and says how a log is opened.
 */
public abstract class EventLogContract {

    static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    protected final ManualTicker ticker = new ManualTicker();
    protected final RecordedOutput output = new RecordedOutput();

    private final Scheduler writing = Schedulers.newSingle("test-log-writer", true);

    /** A log that nobody has used before. */
    protected abstract EventLog open(LogSetup setup);

    /** Lets a log do all that waits; one that is not done when its thread is done waits for it. */
    protected void letRun(HeldScheduler held, EventLog log) {
        held.release();
    }

    /** A setup in which nothing gets in the way. */
    protected final LogSetup roomy() {
        return new LogSetup(Retention.DEFAULT, ticker, writing, 10_000, output);
    }

    protected final EventLog open() {
        return open(roomy());
    }

    @AfterEach
    void stop_the_writer() {
        writing.dispose();
    }

    @Test
    void a_new_log_is_empty() {
        EventLog log = open();

        assertThat(log.bounds()).isEqualTo(new LogBounds(1, 0));
        assertThat(log.bounds().isEmpty()).isTrue();
        assertThat(log.queueDepth()).isZero();
        assertThat(read(log, 0)).isEqualTo(new LogPage(List.of(), 0, false, null));
    }

    @Test
    void says_what_it_is() {
        EventLog log = open();

        assertThat(log.epoch()).matches("[A-Za-z0-9]{1,40}");
        assertThat(log.backend()).isNotBlank();
        assertThat(log.durability()).isNotBlank();
    }

    @Test
    void ids_rise_by_one_from_1() {
        EventLog log = open();

        assertThat(append(log, line(BUILD, "a"))).isEqualTo(new Appended(1, 1));
        assertThat(append(log, line(BUILD, "b"))).isEqualTo(new Appended(2, 2));
        assertThat(append(log, line(BUILD, "c"))).isEqualTo(new Appended(3, 3));
        assertThat(log.bounds().lastId()).isEqualTo(3);
    }

    @Test
    void a_batch_gets_ids_in_its_own_order_with_none_between() {
        EventLog log = open();
        append(log, line(BUILD, "before"));
        List<EventDraft> batch = lines(10);

        Appended appended = append(log, batch);

        assertThat(appended).isEqualTo(new Appended(2, 11));
        assertThat(appended.count()).isEqualTo(10);
        assertThat(output.events().subList(1, 11))
                .isEqualTo(IntStream.range(0, 10)
                        .mapToObj(n -> batch.get(n).at(2 + n))
                        .toList());
    }

    @Test
    void many_publishers_get_distinct_ids_and_the_output_sees_them_in_order() throws Exception {
        EventLog log = open();
        List<Long> given = new ArrayList<>();

        for (List<Long> ids : inParallel(8, publisher -> appendOneByOne(log, "publisher-" + publisher, 200))) {
            assertThat(ids).as("what one publisher was answered").isSorted().hasSize(200);
            given.addAll(ids);
        }

        assertThat(given).containsExactlyInAnyOrderElementsOf(ids(1, 1_600));
        assertThat(output.ids()).isEqualTo(ids(1, 1_600));
    }

    @Test
    void each_publisher_keeps_its_own_order() throws Exception {
        EventLog log = open();

        inParallel(4, publisher -> {
            String job = "publisher-" + publisher;
            List<EventDraft> own = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                own.add(line(job, job + " says " + n));
            }
            own.forEach(draft -> append(log, draft));
            return own;
        });

        for (int publisher = 0; publisher < 4; publisher++) {
            String job = "publisher-" + publisher;
            List<Event> own = output.events().stream()
                    .filter(event -> event.jobId().equals(job))
                    .toList();
            assertThat(own).hasSize(100);
            for (int n = 0; n < 100; n++) {
                assertThat(own.get(n).jsonText()).contains("\"" + job + " says " + n + "\"");
            }
        }
    }

    @Test
    void batches_of_many_publishers_are_never_mixed() throws Exception {
        EventLog log = open();

        List<List<Appended>> answers = inParallel(
                8,
                publisher -> IntStream.range(0, 20)
                        .mapToObj(n -> append(log, lines(10)))
                        .toList());

        assertThat(output.ids()).isEqualTo(ids(1, 1_600));
        for (Appended answer : answers.stream().flatMap(List::stream).toList()) {
            assertThat(answer.count()).isEqualTo(10);
            assertThat(output.events().get((int) answer.firstId() - 1).jsonText())
                    .contains("\"line 1\"");
            assertThat(output.events().get((int) answer.lastId() - 1).jsonText())
                    .contains("\"line 10\"");
        }
    }

    @Test
    void nothing_is_appended_until_somebody_subscribes() {
        EventLog log = open();

        Mono<Appended> append = log.append(lines(3));
        assertThat(append(log, line(BUILD, "first"))).isEqualTo(new Appended(1, 1));

        assertThat(append.block(LONG_ENOUGH)).isEqualTo(new Appended(2, 4));
    }

    @Test
    void the_output_has_seen_a_batch_before_its_publisher_is_answered() {
        EventLog log = open();

        for (int n = 0; n < 100; n++) {
            boolean seen = log.append(lines(3))
                    .map(appended -> output.hasSeen(appended.lastId()))
                    .block(LONG_ENOUGH);
            assertThat(seen).isTrue();
        }
    }

    @Test
    void an_output_that_fails_harms_neither_the_log_nor_the_publisher() {
        EventLog log = open(roomy().with(stored -> {
            output.accept(stored);
            throw new IllegalStateException("the output of this test fails on purpose");
        }));

        assertThat(append(log, lines(2))).isEqualTo(new Appended(1, 2));
        assertThat(append(log, line(BUILD, "c"))).isEqualTo(new Appended(3, 3));
        assertThat(output.ids()).containsExactly(1L, 2L, 3L);
        assertThat(log.bounds().lastId()).isEqualTo(3);
    }

    @Test
    void a_publisher_that_fails_on_its_answer_harms_no_other() {
        EventLog log = open();
        AtomicBoolean told = new AtomicBoolean();

        log.append(lines(1))
                .subscribe(
                        appended -> {
                            throw new IllegalStateException("the publisher of this test fails on purpose");
                        },
                        failure -> told.set(true));

        assertThat(append(log, line(BUILD, "b"))).isEqualTo(new Appended(2, 2));
        assertThat(told).isTrue();
    }

    @Test
    void a_publisher_that_no_longer_waits_has_published_all_the_same() {
        HeldScheduler held = new HeldScheduler();
        EventLog log = open(roomy().heldBy(held, 10));

        Disposable waiting = log.append(lines(2)).subscribe();
        waiting.dispose();
        letRun(held, log);

        assertThat(output.ids()).containsExactly(1L, 2L);
        assertThat(log.queueDepth()).isZero();
    }

    @Test
    void a_full_queue_refuses_and_takes_again_when_it_has_drained() {
        HeldScheduler held = new HeldScheduler();
        EventLog log = open(roomy().heldBy(held, 5));
        List<Appended> answers = new ArrayList<>();

        log.append(lines(2)).subscribe(answers::add);
        log.append(lines(3)).subscribe(answers::add);
        assertThat(log.queueDepth()).isEqualTo(5);
        assertThatExceptionOfType(LogFullException.class).isThrownBy(() -> append(log, lines(1)));
        assertThat(log.queueDepth()).isEqualTo(5);
        assertThat(answers).isEmpty();

        letRun(held, log);
        assertThat(answers).containsExactly(new Appended(1, 2), new Appended(3, 5));
        assertThat(log.queueDepth()).isZero();

        log.append(lines(4)).subscribe(answers::add);
        letRun(held, log);
        assertThat(answers).hasSize(3).last().isEqualTo(new Appended(6, 9));
        assertThat(output.ids()).isEqualTo(ids(1, 9));
    }

    @Test
    void a_batch_that_does_not_fit_the_queue_is_refused_whole() {
        HeldScheduler held = new HeldScheduler();
        EventLog log = open(roomy().heldBy(held, 5));

        log.append(lines(3)).subscribe();
        assertThatExceptionOfType(LogFullException.class).isThrownBy(() -> append(log, lines(3)));
        log.append(lines(2)).subscribe();
        letRun(held, log);

        assertThat(output.ids()).isEqualTo(ids(1, 5));
    }

    @Test
    void a_batch_larger_than_the_queue_is_taken_when_none_waits() {
        HeldScheduler held = new HeldScheduler();
        EventLog log = open(roomy().heldBy(held, 5));

        log.append(lines(50)).subscribe();
        letRun(held, log);

        assertThat(output.ids()).isEqualTo(ids(1, 50));
    }

    @Test
    void close_refuses_what_is_new_and_finishes_what_was_accepted() {
        HeldScheduler held = new HeldScheduler();
        EventLog log = open(roomy().heldBy(held, 10));
        List<Object> happened = new ArrayList<>();

        log.append(lines(2)).subscribe(happened::add);
        log.close().subscribe(null, null, () -> happened.add("closed"));
        assertThatExceptionOfType(LogClosedException.class).isThrownBy(() -> append(log, lines(1)));
        assertThat(happened).isEmpty();
        letRun(held, log);

        assertThat(happened).containsExactly(new Appended(1, 2), "closed");
        assertThat(output.ids()).containsExactly(1L, 2L);
        assertThatExceptionOfType(LogClosedException.class).isThrownBy(() -> append(log, lines(1)));
    }

    @Test
    void close_may_be_asked_for_twice_and_by_many() throws Exception {
        EventLog log = open();
        append(log, lines(3));

        inParallel(4, caller -> {
            log.close().block(LONG_ENOUGH);
            return caller;
        });
        log.close().block(LONG_ENOUGH);

        assertThat(log.queueDepth()).isZero();
    }

    @Test
    void all_that_was_accepted_while_it_closed_is_stored() throws Exception {
        EventLog log = open();

        List<List<Long>> accepted = inParallel(4, caller -> {
            List<Long> ids = new ArrayList<>();
            try {
                for (int n = 0; n < 200; n++) {
                    if (caller == 0 && n == 50) {
                        log.close().block(LONG_ENOUGH);
                    }
                    ids.add(append(log, line(BUILD, "line " + n)).lastId());
                }
            } catch (LogClosedException closed) {
                assertThat(ids).hasSizeGreaterThanOrEqualTo(caller == 0 ? 50 : 0);
            }
            return ids;
        });

        assertThat(accepted.get(0)).hasSize(50);
        assertThat(output.ids())
                .isEqualTo(ids(1, log.bounds().lastId()))
                .containsExactlyInAnyOrderElementsOf(
                        accepted.stream().flatMap(List::stream).toList());
    }

    @Test
    void the_end_has_nothing_after_it() {
        EventLog log = open();
        append(log, lines(5));

        for (int limit : new int[] {0, 1, 100}) {
            assertThat(log.read(5, EventFilter.all(), PageLimit.of(limit)).block(LONG_ENOUGH))
                    .isEqualTo(new LogPage(List.of(), 5, false, null));
            assertThat(log.read(5, named("job.*"), PageLimit.of(limit)).block(LONG_ENOUGH))
                    .isEqualTo(new LogPage(List.of(), 5, false, null));
        }
        assertThat(log.positionBeforeLast(0, EventFilter.all()).block(LONG_ENOUGH))
                .isEqualTo(5);
    }

    @Test
    void the_epoch_stays_while_the_log_lives() {
        EventLog log = open();
        String epoch = log.epoch();

        append(log, lines(100));

        assertThat(log.epoch()).isEqualTo(epoch);
    }

    @Test
    void a_cursor_of_this_log_or_a_bare_id_leads_to_its_place() {
        EventLog log = open();
        append(log, lines(5));

        assertThat(LogPosition.of(new Cursor(log.epoch(), 5), log)).isEqualTo(new LogPosition(5, null));
        assertThat(LogPosition.of(new Cursor(log.epoch(), 3), log)).isEqualTo(new LogPosition(3, null));
        assertThat(LogPosition.of(new Cursor(null, 3), log)).isEqualTo(new LogPosition(3, null));
        assertThat(LogPosition.of(new Cursor(null, 0), log)).isEqualTo(new LogPosition(0, null));
    }

    @Test
    void a_cursor_of_another_life_leads_to_the_oldest_event_and_says_so() {
        EventLog log = open();
        append(log, lines(5));
        long beforeFirst = log.bounds().firstId() - 1;

        for (long id : new long[] {0, 3, 5, 99}) {
            assertThat(LogPosition.of(new Cursor("other" + log.epoch(), id), log))
                    .isEqualTo(new LogPosition(beforeFirst, new Gap(Gap.Reason.EPOCH, null, null, null)));
        }
    }

    @Test
    void a_cursor_ahead_of_the_log_leads_to_the_oldest_event_and_says_so() {
        EventLog log = open();
        append(log, lines(5));
        LogPosition unknown =
                new LogPosition(log.bounds().firstId() - 1, new Gap(Gap.Reason.UNKNOWN, null, null, null));

        assertThat(LogPosition.of(new Cursor(log.epoch(), 6), log)).isEqualTo(unknown);
        assertThat(LogPosition.of(new Cursor(null, Long.MAX_VALUE), log)).isEqualTo(unknown);
        assertThat(LogPosition.unknown(log)).isEqualTo(unknown);
    }

    protected static Appended append(EventLog log, EventDraft draft) {
        return append(log, List.of(draft));
    }

    protected static Appended append(EventLog log, List<EventDraft> drafts) {
        return log.append(drafts).block(LONG_ENOUGH);
    }

    /** The ids that one publisher is answered when it waits for each answer. */
    protected static List<Long> appendOneByOne(EventLog log, String job, int count) {
        List<Long> ids = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            ids.add(append(log, line(job, "line " + n)).firstId());
        }
        return ids;
    }

    protected static LogPage read(EventLog log, long after) {
        return read(log, after, EventFilter.all(), 10_000);
    }

    protected static LogPage read(EventLog log, long after, EventFilter filter, int limit) {
        return read(log, after, filter, PageLimit.of(limit));
    }

    protected static LogPage read(EventLog log, long after, EventFilter filter, PageLimit limit) {
        return log.read(after, filter, limit).block(LONG_ENOUGH);
    }

    protected static long beforeLast(EventLog log, int count, EventFilter filter) {
        return log.positionBeforeLast(count, filter).block(LONG_ENOUGH);
    }

    protected static List<Long> idsOf(LogPage page) {
        return page.events().stream().map(Event::id).toList();
    }

    protected static List<Long> ids(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    /** Runs {@code task} in as many threads at the same time and answers what each returned. */
    protected static <T> List<T> inParallel(int threads, Numbered<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int number = 0; number < threads; number++) {
                int own = number;
                running.add(pool.submit(() -> task.run(own)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Work of one of several threads. */
    @FunctionalInterface
    protected interface Numbered<T> {
        T run(int number) throws Exception;
    }
}
