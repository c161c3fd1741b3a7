package io.observer.log;

import static io.observer.event.TestEvents.draft;
import static io.observer.log.EventLogContract.append;
import static io.observer.log.EventLogContract.beforeLast;
import static io.observer.log.EventLogContract.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.NameGlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A file log answers like a plain list of events, whatever was appended, asked, restarted, removed or lost before. */
class FileEventLogModelTest {

    private static final List<String> JOBS = List.of("", "build-7", "deploy-3", "never.seen");
    private static final List<String> NAMES =
            List.of("job.started", "job.failed", "log.line", "observer.file_modified", "a");
    private static final List<String> GLOBS = List.of("*", "job.*", "*e*", "?", "log.line", "none", "*.*_*");

    /** One thing that happens to a log. */
    private sealed interface Step {}

    private record Append(List<EventDraft> drafts) implements Step {}

    /** @param back how far before the newest id the page begins */
    private record Page(int back, EventFilter filter, int limit) implements Step {}

    private record Walk(EventFilter filter, int limit) implements Step {}

    private record BeforeLast(int count, EventFilter filter) implements Step {}

    private record Time(Duration passes) implements Step {}

    private enum Restart implements Step {
        CLEAN,
        KILLED,
        KILLED_WITHOUT_INDEXES
    }

    @Property(tries = 150)
    void answers_like_a_list(
            @ForAll("steps") List<Step> steps,
            @ForAll("segmentSizes") int segmentBytes,
            @ForAll("roomsFor") int segments)
            throws IOException {
        Path directory = MemoryTempDir.newDirectory();
        try {
            LogFolder folder = new LogFolder(directory.resolve("log"))
                    .withSegmentsOf(segmentBytes)
                    .keeping(Duration.ofHours(1), (long) segmentBytes * segments);
            Model model = new Model(folder);
            steps.forEach(model::take);
            model.take(new Walk(EventFilter.all(), 3));
            model.take(Restart.KILLED_WITHOUT_INDEXES);
            model.take(new Walk(EventFilter.all(), 1_000));
        } finally {
            removeAll(directory);
        }
    }

    /** The log and the list that it is compared with. */
    private static final class Model {

        private final List<Event> published = new ArrayList<>();
        private LogFolder folder;
        private FileEventLog log;
        private long firstId = 1;

        Model(LogFolder folder) {
            this.folder = folder;
            this.log = folder.open();
        }

        void take(Step step) {
            if (step instanceof Append append) {
                publish(append.drafts());
            } else if (step instanceof Page page) {
                assertPage(Math.max(0, published.size() - page.back()), page.filter(), page.limit());
            } else if (step instanceof Walk walk) {
                assertWalk(walk.filter(), walk.limit());
            } else if (step instanceof BeforeLast last) {
                assertPositionBeforeLast(last.count(), last.filter());
            } else if (step instanceof Time time) {
                folder.pass(time.passes());
            } else if (step instanceof Restart restart) {
                reopen(restart);
            }
            assertBounds();
        }

        private void publish(List<EventDraft> drafts) {
            long first = published.size() + 1;
            assertThat(append(log, drafts)).isEqualTo(new Appended(first, first + drafts.size() - 1));
            drafts.forEach(draft -> published.add(draft.at(published.size() + 1)));
        }

        private void reopen(Restart how) {
            if (how == Restart.CLEAN) {
                LogFolder.close(log);
            } else {
                folder = folder.killed();
            }
            if (how == Restart.KILLED_WITHOUT_INDEXES) {
                folder.files(".idx").forEach(LogFolder::delete);
            }
            log = folder.open();
            assertThat(log.epoch()).isEqualTo("life1");
            SegmentIndex jobs = new SegmentIndex(1);
            jobs.add(Batch.ofSingles(retained()), 0);
            assertThat(log.takeJobsFound())
                    .containsExactlyInAnyOrderElementsOf(jobs.traces().list());
        }

        private void assertBounds() {
            LogBounds bounds = log.bounds();
            assertThat(bounds.lastId()).isEqualTo(published.size());
            assertThat(bounds.firstId()).isBetween(firstId, published.size() + 1L);
            firstId = bounds.firstId();
            assertThat(folder.lines())
                    .isEqualTo(retained().stream().map(Event::jsonText).toList());
            assertThat(log.health()).isEqualTo(LogHealth.GOOD);
        }

        private void assertPage(long after, EventFilter filter, int limit) {
            LogPage page = read(log, after, filter, limit);
            List<Event> wanted = retained().stream()
                    .filter(event -> event.id() > after && filter.matches(event))
                    .toList();
            List<Event> shown = wanted.subList(0, Math.min(limit, wanted.size()));

            assertThat(page.events()).isEqualTo(shown);
            assertThat(page.hasMore()).isEqualTo(shown.size() < wanted.size());
            assertThat(page.gap()).isEqualTo(gapAfter(after, filter));
            long lastShown =
                    shown.isEmpty() ? Math.max(after, firstId - 1) : last(shown).id();
            long beforeNext = page.hasMore() ? wanted.get(shown.size()).id() - 1 : published.size();
            assertThat(page.covered()).isBetween(lastShown, beforeNext);
            if (!page.hasMore()) {
                assertThat(page.covered()).isEqualTo(published.size());
            }
        }

        private void assertWalk(EventFilter filter, int limit) {
            assertThat(LogFolder.all(log, filter, limit))
                    .isEqualTo(retained().stream().filter(filter::matches).toList());
        }

        private void assertPositionBeforeLast(int count, EventFilter filter) {
            List<Event> wanted = retained().stream().filter(filter::matches).toList();
            long expected;
            if (count == 0) {
                expected = published.size();
            } else if (wanted.size() >= count) {
                expected = wanted.get(wanted.size() - count).id() - 1;
            } else {
                expected = firstId - 1;
            }
            assertThat(beforeLast(log, count, filter)).isEqualTo(expected);
        }

        private Gap gapAfter(long after, EventFilter filter) {
            return after + 1 >= firstId
                    ? null
                    : new Gap(
                            Gap.Reason.EVICTED,
                            after + 1,
                            firstId - 1,
                            filter.passesAll() ? firstId - 1 - after : null);
        }

        private List<Event> retained() {
            firstId = log.bounds().firstId();
            return published.subList((int) firstId - 1, published.size());
        }

        private static Event last(List<Event> events) {
            return events.get(events.size() - 1);
        }
    }

    @Provide
    Arbitrary<Integer> segmentSizes() {
        return Arbitraries.of(1, 300, 1_000, 5_000, 1_000_000);
    }

    @Provide
    Arbitrary<Integer> roomsFor() {
        return Arbitraries.of(8, 12, 100);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, drafts().list().ofMinSize(1).ofMaxSize(12).map(Append::new)),
                        Tuple.of(
                                6,
                                Combinators.combine(backs(), filters(), limits())
                                        .as(Page::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(filters(), limits().filter(limit -> limit > 0))
                                        .as(Walk::new)),
                        Tuple.of(2, Combinators.combine(limits(), filters()).as(BeforeLast::new)),
                        Tuple.of(
                                1,
                                Arbitraries.of(1, 60, 400, 1_800, 3_600, 3_601)
                                        .map(seconds -> new Time(Duration.ofSeconds(seconds)))),
                        Tuple.of(2, Arbitraries.of(Restart.class)))
                .map(Step.class::cast)
                .list()
                .ofMinSize(5)
                .ofMaxSize(40);
    }

    private static Arbitrary<EventDraft> drafts() {
        return Combinators.combine(
                        Arbitraries.of(JOBS.subList(0, 3)),
                        Arbitraries.of(NAMES),
                        Arbitraries.integers().between(0, 300))
                .as((job, name, size) -> draft("""
                        {"job_id": "%s", "event": "%s", "data": {"s": "%s"}}""".formatted(job, name, "x".repeat(size))));
    }

    private static Arbitrary<Integer> backs() {
        return Arbitraries.integers().between(0, 200);
    }

    private static Arbitrary<Integer> limits() {
        return Arbitraries.of(0, 1, 2, 7, 50, 1_000);
    }

    private static Arbitrary<EventFilter> filters() {
        Arbitrary<Set<String>> jobs = Arbitraries.of(JOBS).set().ofMaxSize(2);
        Arbitrary<List<NameGlob>> names =
                Arbitraries.of(GLOBS).map(NameGlob::new).list().ofMaxSize(2);
        return Combinators.combine(jobs, names).as(EventFilter::new);
    }

    private static void removeAll(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            Path[] deepestFirst = all.sorted(Comparator.reverseOrder()).toArray(Path[]::new);
            for (Path path : Arrays.asList(deepestFirst)) {
                Files.delete(path);
            }
        }
    }
}
