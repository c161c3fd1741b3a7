package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.event;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.SegmentIndex.Columns;
import io.observer.log.SegmentIndex.RowFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SegmentIndexTest {

    private final SegmentIndex index = new SegmentIndex(100);

    @Test
    void tells_where_each_event_stands() {
        Event first = event(100, BUILD, "job.started");
        Event second = event(103, DEPLOY, "job.started");
        Event third = event(104, BUILD, "job.completed");
        index.add(Batch.ofSingles(List.of(first, second)), 0);
        index.add(Batch.ofSingles(List.of(third)), 5_000);

        Columns rows = index.columns();

        assertThat(rows.count()).isEqualTo(3);
        assertThat(index.id(rows, 0)).isEqualTo(100);
        assertThat(index.id(rows, 1)).isEqualTo(103);
        assertThat(index.id(rows, 2)).isEqualTo(104);
        assertThat(rows.offsets()).startsWith(0, first.json().length + 1, 5_000);
    }

    @Test
    void finds_the_first_row_after_an_id_that_may_be_missing() {
        index.add(Batch.ofSingles(List.of(event(100, BUILD, "a"), event(103, BUILD, "a"), event(104, BUILD, "a"))), 0);
        Columns rows = index.columns();

        assertThat(index.rowAfter(rows, 0)).isZero();
        assertThat(index.rowAfter(rows, 99)).isZero();
        assertThat(index.rowAfter(rows, 100)).isEqualTo(1);
        assertThat(index.rowAfter(rows, 102)).isEqualTo(1);
        assertThat(index.rowAfter(rows, 103)).isEqualTo(2);
        assertThat(index.rowAfter(rows, 104)).isEqualTo(3);
        assertThat(index.rowAfter(rows, Long.MAX_VALUE)).isEqualTo(3);
    }

    @Test
    void tells_which_rows_a_filter_wants() {
        index.add(
                Batch.ofSingles(List.of(
                        event(100, BUILD, "job.started"),
                        event(101, DEPLOY, "job.started"),
                        event(102, BUILD, "log.line"),
                        event(103, "", "monitor.anomaly"))),
                0);

        assertThat(idsOf(EventFilter.all())).containsExactly(100L, 101L, 102L, 103L);
        assertThat(idsOf(EventFilter.job(BUILD))).containsExactly(100L, 102L);
        assertThat(idsOf(EventFilter.job(""))).containsExactly(103L);
        assertThat(idsOf(EventFilter.job("nobody"))).isEmpty();
        assertThat(idsOf(named("job.*"))).containsExactly(100L, 101L);
        assertThat(idsOf(named("*.line,monitor.?nomaly"))).containsExactly(102L, 103L);
        assertThat(idsOf(new EventFilter(Set.of(BUILD, DEPLOY), named("job.*").names())))
                .containsExactly(100L, 101L);
        assertThat(idsOf(new EventFilter(Set.of(DEPLOY), named("log.*").names())))
                .isEmpty();
    }

    @Test
    void what_was_read_before_does_not_change_when_more_is_added() {
        index.add(Batch.ofSingles(List.of(event(100, BUILD, "a"))), 0);
        Columns before = index.columns();
        RowFilter wanted = index.wanted(EventFilter.job(DEPLOY));

        for (int n = 1; n < 1_000; n++) {
            index.add(Batch.ofSingles(List.of(event(100 + n, DEPLOY, "b" + n))), n * 100);
        }

        assertThat(before.count()).isEqualTo(1);
        assertThat(index.id(before, 0)).isEqualTo(100);
        Columns after = index.columns();
        assertThat(after.count()).isEqualTo(1_000);
        assertThat(wanted.passes(after, 999)).as("a job that came later").isFalse();
        assertThat(index.wanted(EventFilter.job(DEPLOY)).passes(after, 999)).isTrue();
        assertThat(index.wanted(named("b999")).passes(after, 999)).isTrue();
    }

    @Test
    void keeps_an_account_of_each_job_but_none_of_events_without_one() {
        Event first = event(100, BUILD, "job.started");
        Event last = event(102, BUILD, "log.line");
        index.add(Batch.ofSingles(List.of(first, event(101, "", "a"), last)), 0);

        assertThat(index.traces().list())
                .containsExactly(new JobTrace(
                        BUILD, 2, first.timestamp(), last.timestamp(), "log.line", 102, Map.of("job.started", 100L)));
    }

    @Test
    void counts_its_names_and_what_it_knows_of_jobs_as_heap() {
        long empty = index.bytes();
        index.add(Batch.ofSingles(List.of(event(100, BUILD, "log.line"))), 0);
        long one = index.bytes();
        index.add(Batch.ofSingles(List.of(event(101, BUILD, "log.line"))), 100);
        long two = index.bytes();
        index.add(Batch.ofSingles(List.of(event(102, "x".repeat(100), "log.line"))), 200);
        long three = index.bytes();
        index.add(Batch.ofSingles(List.of(event(103, BUILD, "job.started"))), 300);

        assertThat(empty).isEqualTo(64 * SegmentIndex.ROW_BYTES);
        assertThat(one - empty).isGreaterThan(300);
        assertThat(two).as("nothing new but a row, for which there is room").isEqualTo(one);
        assertThat(three - two).isGreaterThan(300);
        assertThat(index.bytes() - three).isGreaterThan(200);
    }

    @Test
    void for_readers_takes_what_its_rows_and_names_take() {
        index.add(Batch.ofSingles(List.of(event(100, BUILD, "a"), event(101, DEPLOY, "b"))), 0);

        SegmentIndex forReaders = index.readOnly();

        assertThat(forReaders.bytes())
                .isEqualTo(2 * SegmentIndex.ROW_BYTES
                        + index.jobNames().bytes()
                        + index.eventNames().bytes());
        assertThat(forReaders.traces().isEmpty()).isTrue();
        assertThat(index.traces().list()).as("what is written on keeps them").hasSize(2);
        Columns rows = forReaders.columns();
        assertThat(forReaders.wanted(EventFilter.job(DEPLOY)).passes(rows, 1)).isTrue();
        assertThat(forReaders.id(rows, 1)).isEqualTo(101);
    }

    @Test
    void is_full_when_its_names_take_too_much() {
        long id = 100;
        for (; !index.isFull(); id++) {
            assertThat(id).isLessThan(200_000);
            index.add(Batch.ofSingles(List.of(event(id, "job-" + id, "log.line"))), 0);
        }

        assertThat(index.bytes() - (long) index.columns().ids().length * SegmentIndex.ROW_BYTES)
                .isBetween(SegmentIndex.MAX_NAME_BYTES, SegmentIndex.MAX_NAME_BYTES + 1_000);
    }

    @Test
    void readers_see_whole_batches_while_one_thread_adds() throws Exception {
        int batches = 3_000;
        EventLogContract.inParallel(3, number -> {
            if (number == 0) {
                for (int n = 0; n < batches; n++) {
                    long id = 100 + n * 3L;
                    String job = "job-" + n % 500;
                    index.add(
                            Batch.ofSingles(
                                    List.of(event(id, job, "a"), event(id + 1, job, "b"), event(id + 2, job, "a"))),
                            n * 300);
                }
                return null;
            }
            for (Columns rows = index.columns(); rows.count() < batches * 3; rows = index.columns()) {
                assertThat(rows.count() % 3).isZero();
                if (rows.count() > 0) {
                    int last = rows.count() - 1;
                    assertThat(index.id(rows, last)).isEqualTo(100 + last);
                    assertThat(rows.offsets()[last - 2]).isEqualTo(last / 3 * 300);
                    String job = "job-" + last / 3 % 500;
                    assertThat(index.wanted(EventFilter.job(job)).passes(rows, last))
                            .isTrue();
                }
            }
            return null;
        });
    }

    private List<Long> idsOf(EventFilter filter) {
        Columns rows = index.columns();
        RowFilter wanted = index.wanted(filter);
        List<Long> ids = new ArrayList<>();
        IntStream.range(0, rows.count())
                .filter(row -> wanted.passes(rows, row))
                .forEach(row -> ids.add(index.id(rows, row)));
        return ids;
    }
}
