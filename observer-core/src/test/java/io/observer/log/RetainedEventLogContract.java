package io.observer.log;

import static io.observer.event.TestEvents.BUILD;
import static io.observer.event.TestEvents.DEPLOY;
import static io.observer.event.TestEvents.draft;
import static io.observer.event.TestEvents.line;
import static io.observer.event.TestEvents.lines;
import static io.observer.event.TestEvents.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Cursor;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log promises that keeps events: to answer what came after a cursor, and to say what it no longer has. */
public abstract class RetainedEventLogContract extends EventLogContract {

    /** A log that keeps only some of the newest events, few enough that a thousand small ones do not fit. */
    protected abstract EventLog openSmall();

    @Test
    void a_page_starts_strictly_after_its_position_and_is_oldest_first() {
        EventLog log = open();
        append(log, lines(10));

        assertThat(idsOf(read(log, 0))).isEqualTo(ids(1, 10));
        assertThat(idsOf(read(log, 4))).isEqualTo(ids(5, 10));
        assertThat(idsOf(read(log, 9))).containsExactly(10L);
        assertThat(idsOf(read(log, 10))).isEmpty();
    }

    @Test
    void a_sealed_log_takes_nothing_and_answers_still() {
        EventLog log = open();
        append(log, lines(10));

        log.seal().block(LONG_ENOUGH);

        assertThatExceptionOfType(LogClosedException.class).isThrownBy(() -> append(log, lines(1)));
        assertThat(idsOf(read(log, 4))).isEqualTo(ids(5, 10));
        log.close().block(LONG_ENOUGH);
    }

    @Test
    void events_are_kept_byte_for_byte() {
        EventLog log = open();
        List<EventDraft> drafts = List.of(
                draft("{\"job_id\":\"build-7\",\"sheet_num\":3,\"event\":\"a.b\",\"timestamp\":1.50}"),
                draft("{\"event\":\"log.line\",\"data\":{\"line\":\"größer \\ud83d\\ude00 \\\\ \\n\",\"n\":1.00}}"),
                draft("{\"event\":\"large\",\"data\":{\"s\":\"" + "x".repeat(200_000) + "\"}}"));
        append(log, drafts);

        List<Event> kept = read(log, 0).events();

        assertThat(kept)
                .containsExactly(
                        drafts.get(0).at(1), drafts.get(1).at(2), drafts.get(2).at(3));
        assertThat(kept.get(0).sheetNum()).isEqualTo(3);
        assertThat(kept.get(0).jobId()).isEqualTo("build-7");
        assertThat(kept.get(0).name()).isEqualTo("a.b");
        assertThat(kept.get(0).timestamp()).isEqualTo(1.5);
    }

    @Test
    void a_page_ends_at_its_bytes_and_the_next_goes_on_there() {
        EventLog log = open();
        append(
                log,
                Collections.nCopies(10, draft("{\"event\":\"big\",\"data\":{\"s\":\"" + "x".repeat(10_000) + "\"}}")));
        PageLimit bounded = new PageLimit(1_000, 35_000);

        LogPage first = read(log, 0, EventFilter.all(), bounded);
        LogPage second = read(log, first.covered(), EventFilter.all(), bounded);
        LogPage third = read(log, second.covered(), EventFilter.all(), bounded);

        assertThat(idsOf(first)).isEqualTo(ids(1, 4));
        assertThat(first.hasMore()).isTrue();
        assertThat(idsOf(second)).isEqualTo(ids(5, 8));
        assertThat(second.hasMore()).isTrue();
        assertThat(idsOf(third)).isEqualTo(ids(9, 10));
        assertThat(third.hasMore()).isFalse();
    }

    @Test
    void an_event_larger_than_a_page_is_a_page() {
        EventLog log = open();
        append(log, lines(1));
        append(log, draft("{\"event\":\"big\",\"data\":{\"s\":\"" + "x".repeat(10_000) + "\"}}"));

        LogPage page = read(log, 1, EventFilter.all(), new PageLimit(1_000, 1));

        assertThat(idsOf(page)).containsExactly(2L);
        assertThat(page.hasMore()).isFalse();
    }

    @Test
    void pages_follow_each_other_without_hole_or_repeat() {
        EventLog log = open();
        append(log, lines(1_000));

        for (int limit : new int[] {1, 7, 250, 999, 1_000, 5_000}) {
            List<Long> seen = new ArrayList<>();
            LogPage page = read(log, 0, EventFilter.all(), limit);
            seen.addAll(idsOf(page));
            while (page.hasMore()) {
                page = read(log, page.covered(), EventFilter.all(), limit);
                seen.addAll(idsOf(page));
            }
            assertThat(seen).as("pages of %d", limit).isEqualTo(ids(1, 1_000));
            assertThat(page.covered()).isEqualTo(1_000);
        }
    }

    @Test
    void has_more_is_exact() {
        EventLog log = open();
        append(log, lines(10));

        assertThat(read(log, 0, EventFilter.all(), 9).hasMore()).isTrue();
        assertThat(read(log, 0, EventFilter.all(), 10).hasMore()).isFalse();
        assertThat(read(log, 0, EventFilter.all(), 11).hasMore()).isFalse();
        assertThat(read(log, 5, EventFilter.all(), 4).hasMore()).isTrue();
        assertThat(read(log, 5, EventFilter.all(), 5).hasMore()).isFalse();
    }

    @Test
    void has_more_counts_wanted_events_only() {
        EventLog log = withJobEventsAt3And6Of10();

        assertThat(read(log, 0, named("job.*"), 1).hasMore()).isTrue();
        assertThat(read(log, 0, named("job.*"), 2).hasMore()).isFalse();
        assertThat(read(log, 3, named("job.*"), 1).hasMore()).isFalse();
        assertThat(read(log, 6, named("job.*"), 0).hasMore()).isFalse();
    }

    @Test
    void limit_0_only_asks_what_is_there() {
        EventLog log = withJobEventsAt3And6Of10();

        LogPage ahead = read(log, 4, EventFilter.all(), 0);
        assertThat(ahead.events()).isEmpty();
        assertThat(ahead.hasMore()).isTrue();
        assertThat(ahead.covered()).isEqualTo(4);
        assertThat(read(log, 4, named("job.*"), 0).hasMore()).isTrue();
        assertThat(read(log, 7, named("job.*"), 0)).isEqualTo(new LogPage(List.of(), 10, false, null));
    }

    @Test
    void filters_by_job_and_by_name() {
        EventLog log = open();
        append(
                log,
                List.of(
                        draft(BUILD, "job.started"),
                        draft(DEPLOY, "job.started"),
                        line(BUILD, "x"),
                        draft("", "monitor.anomaly"),
                        line(DEPLOY, "x"),
                        draft(BUILD, "job.completed")));

        assertThat(idsOf(read(log, 0, EventFilter.job(BUILD), 10))).containsExactly(1L, 3L, 6L);
        assertThat(idsOf(read(log, 1, EventFilter.job(BUILD), 10))).containsExactly(3L, 6L);
        assertThat(idsOf(read(log, 0, named("job.*,monitor.*"), 10))).containsExactly(1L, 2L, 4L, 6L);
        assertThat(idsOf(read(
                        log,
                        0,
                        new EventFilter(
                                EventFilter.job(BUILD).jobs(), named("log.*").names()),
                        10)))
                .containsExactly(3L);
        assertThat(idsOf(read(log, 0, EventFilter.job("nobody"), 10))).isEmpty();
    }

    @Test
    void a_page_covers_what_its_filter_hides() {
        EventLog log = withJobEventsAt3And6Of10();

        assertThat(read(log, 0, named("job.*"), 10).covered())
                .as("read to the end")
                .isEqualTo(10);
        assertThat(read(log, 0, named("nothing"), 10)).isEqualTo(new LogPage(List.of(), 10, false, null));
        assertThat(read(log, 0, named("job.*"), 1).covered())
                .as("stopped between two wanted events")
                .isBetween(3L, 5L);
    }

    @Test
    void pages_of_a_filter_follow_each_other_without_hole_or_repeat() {
        EventLog log = open();
        for (int n = 1; n <= 300; n++) {
            append(log, n % 7 == 0 ? draft(BUILD, "job.started") : line(BUILD, "line " + n));
        }

        List<Long> seen = new ArrayList<>();
        LogPage page;
        long position = 0;
        do {
            page = read(log, position, named("job.*"), 4);
            seen.addAll(idsOf(page));
            assertThat(page.covered()).isGreaterThanOrEqualTo(position);
            position = page.covered();
        } while (page.hasMore());

        assertThat(seen).hasSize(42).allMatch(id -> id % 7 == 0).isSorted().doesNotHaveDuplicates();
        assertThat(position).isEqualTo(300);
    }

    @Test
    void the_position_before_the_last_events_leaves_exactly_those() {
        EventLog log = withJobEventsAt3And6Of10();

        assertThat(beforeLast(log, 0, EventFilter.all())).isEqualTo(10);
        assertThat(beforeLast(log, 1, EventFilter.all())).isEqualTo(9);
        assertThat(beforeLast(log, 4, EventFilter.all())).isEqualTo(6);
        assertThat(beforeLast(log, 10, EventFilter.all())).isZero();
        assertThat(beforeLast(log, 1_000, EventFilter.all())).isZero();
        assertThat(beforeLast(log, 1, named("job.*"))).isEqualTo(5);
        assertThat(beforeLast(log, 2, named("job.*"))).isEqualTo(2);
        assertThat(idsOf(read(log, beforeLast(log, 3, named("job.*")), named("job.*"), 10)))
                .containsExactly(3L, 6L);
    }

    @Test
    void every_reader_sees_the_order_in_which_the_output_was_fed() throws Exception {
        EventLog log = open();

        List<List<Event>> seen = inParallel(6, number -> {
            if (number < 3) {
                appendOneByOne(log, "publisher-" + number, 200);
                return output.events();
            }
            return readUntil(log, 600);
        });

        assertThat(output.ids()).isEqualTo(ids(1, 600));
        assertThat(seen.subList(3, 6)).allSatisfy(events -> assertThat(events).isEqualTo(output.events()));
    }

    @Test
    void an_answered_event_can_be_read_by_everybody() {
        EventLog log = open();

        for (int n = 0; n < 200; n++) {
            long id = append(log, lines(2)).lastId();
            assertThat(idsOf(read(log, id - 2))).containsExactly(id - 1, id);
        }
    }

    @Test
    void an_event_is_there_when_the_output_sees_it() {
        List<Long> missing = new ArrayList<>();
        EventLog[] log = new EventLog[1];
        log[0] = open(roomy().with(stored -> {
            for (Event event : stored) {
                log[0].read(event.id() - 1, EventFilter.all(), PageLimit.of(1))
                        .filter(page -> !page.events().equals(List.of(event)))
                        .subscribe(page -> missing.add(event.id()));
            }
        }));

        append(log[0], lines(100));
        append(log[0], lines(1));

        assertThat(missing).isEmpty();
    }

    @Test
    void ids_and_epoch_survive_eviction() {
        EventLog log = openSmall();
        String epoch = log.epoch();

        overfill(log);

        assertThat(log.bounds().firstId()).isGreaterThan(1);
        assertThat(append(log, line(BUILD, "next"))).isEqualTo(new Appended(1_001, 1_001));
        assertThat(log.epoch()).isEqualTo(epoch);
    }

    @Test
    void a_gap_says_exactly_what_retention_took() {
        EventLog log = openSmall();
        overfill(log);
        long first = log.bounds().firstId();

        LogPage page = read(log, 0);

        assertThat(page.gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, first - 1, first - 1));
        assertThat(idsOf(page)).isEqualTo(ids(first, 1_000));
        assertThat(read(log, 1).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 2L, first - 1, first - 2));
        assertThat(read(log, first - 2).gap())
                .as("one event short")
                .isEqualTo(new Gap(Gap.Reason.EVICTED, first - 1, first - 1, 1L));
        assertThat(read(log, first - 1).gap()).as("nothing missed").isNull();
        assertThat(read(log, first).gap()).isNull();
    }

    @Test
    void a_gap_does_not_guess_how_many_events_a_filter_would_have_passed() {
        EventLog log = openSmall();
        overfill(log);
        long first = log.bounds().firstId();

        assertThat(read(log, 0, named("log.*"), 10).gap()).isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, first - 1, null));
        assertThat(read(log, 0, EventFilter.job("nobody"), 10).gap())
                .isEqualTo(new Gap(Gap.Reason.EVICTED, 1L, first - 1, null));
    }

    @Test
    void a_gap_is_said_with_any_limit_and_once() {
        EventLog log = openSmall();
        overfill(log);
        long first = log.bounds().firstId();

        for (int limit : new int[] {0, 1, 3}) {
            LogPage page = read(log, 0, EventFilter.all(), limit);
            assertThat(page.gap()).isNotNull();
            assertThat(page.events()).hasSize(limit);
            assertThat(page.covered()).isEqualTo(first - 1 + limit);
            assertThat(page.hasMore()).isTrue();
            assertThat(read(log, page.covered()).gap()).isNull();
        }
    }

    @Test
    void a_cursor_whose_successors_were_evicted_is_good_and_the_page_tells_the_gap() {
        EventLog log = openSmall();
        overfill(log);
        long first = log.bounds().firstId();

        assertThat(LogPosition.of(new Cursor(log.epoch(), 1), log)).isEqualTo(new LogPosition(1, null));
        assertThat(LogPosition.earliest(log)).isEqualTo(new LogPosition(first - 1, null));
        assertThat(read(log, LogPosition.earliest(log).after()).gap()).isNull();
    }

    @Test
    void the_position_before_the_last_events_never_leads_into_a_gap() {
        EventLog log = openSmall();
        overfill(log);
        long first = log.bounds().firstId();

        assertThat(beforeLast(log, 100_000, EventFilter.all())).isEqualTo(first - 1);
        assertThat(beforeLast(log, 2, EventFilter.all())).isEqualTo(998);
        assertThat(beforeLast(log, 2, EventFilter.job("nobody"))).isEqualTo(first - 1);
    }

    private EventLog withJobEventsAt3And6Of10() {
        EventLog log = open();
        for (int n = 1; n <= 10; n++) {
            append(log, n == 3 || n == 6 ? draft(BUILD, "job.started") : line(BUILD, "line " + n));
        }
        return log;
    }

    /** A thousand events, of which a small log has to let some go. */
    private static void overfill(EventLog log) {
        for (int n = 0; n < 100; n++) {
            append(log, lines(10));
        }
        assertThat(log.bounds().lastId()).isEqualTo(1_000);
        assertThat(log.bounds().firstId()).isGreaterThan(3);
        assertThat(log.bounds().firstId()).isLessThan(997);
    }

    private static List<Event> readUntil(EventLog log, long lastId) {
        List<Event> seen = new ArrayList<>();
        for (long position = 0; position < lastId; ) {
            LogPage page = read(log, position, EventFilter.all(), 100);
            assertThat(page.gap()).isNull();
            seen.addAll(page.events());
            position = page.covered();
        }
        return seen;
    }
}
