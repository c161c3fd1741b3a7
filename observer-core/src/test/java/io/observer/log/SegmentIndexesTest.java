package io.observer.log;

import static io.observer.event.TestEvents.event;
import static io.observer.event.TestEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.observer.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that do not all have room at the same time. */
class SegmentIndexesTest {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final List<Segment> segments = new ArrayList<>();
    private final List<SegmentIndex> made = new ArrayList<>();

    @BeforeEach
    void four_segments_with_their_indexes() throws IOException {
        for (long baseId = 1; baseId <= 31; baseId += 10) {
            Segment segment = Segment.open(Segment.path(directory, "k3f9x2", baseId), disk);
            List<Event> events = events(baseId, baseId + 9);
            SegmentIndex index = new SegmentIndex(baseId);
            index.add(Batch.ofSingles(events), 0);
            for (Event event : events) {
                segment.append(ByteBuffer.wrap((event.jsonText() + "\n").getBytes(StandardCharsets.UTF_8)));
            }
            segment.holdsThrough(baseId + 9, 77);
            SegmentIndexes.save(segment, index);
            segments.add(segment);
            made.add(index.readOnly());
        }
    }

    @Test
    void those_that_fit_are_kept_at_hand() throws IOException {
        SegmentIndexes indexes = of(2 * small());

        assertThat(indexes.of(segments.get(0))).isSameAs(made.get(0));
        assertThat(indexes.of(segments.get(1))).isSameAs(made.get(1));
    }

    @Test
    void the_one_read_longest_ago_goes_first_and_is_read_again_when_needed() throws IOException {
        SegmentIndexes indexes = of(2 * small());
        indexes.of(segments.get(0));

        indexes.put(segments.get(2), made.get(2));

        assertThat(indexes.of(segments.get(0))).isSameAs(made.get(0));
        assertThat(indexes.of(segments.get(2))).isSameAs(made.get(2));
        SegmentIndex again = indexes.of(segments.get(1));
        assertThat(again).isNotSameAs(made.get(1));
        assertSame(again, made.get(1));
        assertThat(indexes.of(segments.get(1))).as("at hand again").isSameAs(again);
        assertThat(indexes.of(segments.get(0))).as("had to go for it").isNotSameAs(made.get(0));
    }

    @Test
    void one_is_kept_however_small_the_room() throws IOException {
        SegmentIndexes indexes = of(0);

        SegmentIndex last = indexes.of(segments.get(1));
        assertThat(last).isSameAs(made.get(1));
        assertSame(indexes.of(segments.get(0)), made.get(0));
        assertThat(indexes.of(segments.get(0))).isSameAs(indexes.of(segments.get(0)));
    }

    @Test
    void all_answer_the_same_however_often_they_come_and_go() throws IOException {
        SegmentIndexes indexes = of(1);

        for (int n = 0; n < 40; n++) {
            int at = n * 7 % 4;
            assertSame(indexes.of(segments.get(at)), made.get(at));
        }
    }

    @Test
    void one_without_its_file_is_made_from_the_segment_and_stored_with_its_age() throws IOException {
        SegmentIndexes indexes = new SegmentIndexes(small());
        Files.delete(SegmentIndexFile.beside(segments.get(3).file()));

        assertSame(indexes.of(segments.get(3)), made.get(3));

        assertThat(SegmentIndexFile.load(segments.get(3).file(), segments.get(3).size())
                        .age())
                .isEqualTo(77);
    }

    @Test
    void one_that_is_forgotten_makes_room() throws IOException {
        SegmentIndexes indexes = of(2 * small());

        indexes.forget(segments.get(0));
        indexes.forget(segments.get(0));
        indexes.put(segments.get(2), made.get(2));

        assertThat(indexes.of(segments.get(1))).isSameAs(made.get(1));
        assertThat(indexes.of(segments.get(2))).isSameAs(made.get(2));
        assertThat(indexes.of(segments.get(0))).isNotSameAs(made.get(0));
    }

    @Test
    void names_take_room_as_rows_do() throws IOException {
        SegmentIndexes indexes = of(2 * small());
        SegmentIndex many = new SegmentIndex(21);
        for (int id = 21; id <= 25; id++) {
            many.add(Batch.ofSingles(List.of(event(id, "job-" + id, "log.line"))), 0);
        }
        assertThat(many.columns().count())
                .as("fewer rows")
                .isLessThan(made.get(0).columns().count());

        indexes.put(segments.get(2), many);

        assertThat(indexes.of(segments.get(0))).isNotSameAs(made.get(0));
    }

    @Test
    void accounts_of_jobs_are_not_kept() throws IOException {
        SegmentIndexes indexes = new SegmentIndexes(1 << 20);
        SegmentIndex index = new SegmentIndex(21);
        index.add(Batch.ofSingles(events(21, 30)), 0);

        indexes.put(segments.get(2), index);

        assertThat(index.traces().isEmpty()).isFalse();
        assertThat(indexes.of(segments.get(2)).traces().isEmpty()).isTrue();
        assertThat(indexes.of(segments.get(1)).traces().isEmpty())
                .as("read again")
                .isTrue();
    }

    @Test
    void whoever_writes_does_not_wait_while_one_is_made() throws Exception {
        SegmentIndexes indexes = of(1 << 20);
        Files.delete(SegmentIndexFile.beside(segments.get(3).file()));
        AtomicInteger meanwhile = new AtomicInteger();
        disk.watch(request -> CompletableFuture.runAsync(() -> {
                    indexes.put(segments.get(2), made.get(2));
                    indexes.forget(segments.get(0));
                    assertThat(ofAtHand(indexes, segments.get(1))).isSameAs(made.get(1));
                    meanwhile.incrementAndGet();
                })
                .orTimeout(30, TimeUnit.SECONDS)
                .join());

        assertSame(indexes.of(segments.get(3)), made.get(3));

        disk.watch(request -> {});
        assertThat(meanwhile).as("reads of the segment").hasPositiveValue();
        assertThat(indexes.of(segments.get(2))).isSameAs(made.get(2));
    }

    @Test
    void one_that_many_ask_for_is_made_once() throws Exception {
        SegmentIndexes indexes = of(1 << 20);
        Files.delete(SegmentIndexFile.beside(segments.get(3).file()));
        List<SegmentIndex> got = Collections.synchronizedList(new ArrayList<>());

        EventLogContract.inParallel(4, number -> got.add(ofAtHand(indexes, segments.get(3))));

        assertThat(got).hasSize(4).allMatch(index -> index == got.get(0));
    }

    private static SegmentIndex ofAtHand(SegmentIndexes indexes, Segment segment) {
        try {
            return indexes.of(segment);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void one_put_twice_counts_once() throws IOException {
        SegmentIndexes indexes = of(2 * small());

        for (int n = 0; n < 10; n++) {
            indexes.put(segments.get(1), made.get(1));
        }

        assertThat(indexes.of(segments.get(0))).isSameAs(made.get(0));
    }

    @Test
    void that_of_a_removed_segment_is_not_found() throws IOException {
        SegmentIndexes indexes = new SegmentIndexes(small());
        segments.get(0).delete();

        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> indexes.of(segments.get(0)));
        assertThat(directory).isDirectoryNotContaining("glob:**/k3f9x2-00000000000000000001*");
    }

    /** Indexes with those of the first two segments at hand. */
    private SegmentIndexes of(long maxBytes) {
        SegmentIndexes indexes = new SegmentIndexes(maxBytes);
        indexes.put(segments.get(0), made.get(0));
        indexes.put(segments.get(1), made.get(1));
        return indexes;
    }

    private static void assertSame(SegmentIndex one, SegmentIndex other) {
        assertThat(one.baseId()).isEqualTo(other.baseId());
        assertThat(one.columns().count()).isEqualTo(other.columns().count()).isEqualTo(10);
        assertThat(one.columns().ids()).startsWith(Arrays.copyOf(other.columns().ids(), 10));
        assertThat(one.columns().offsets())
                .startsWith(Arrays.copyOf(other.columns().offsets(), 10));
        assertThat(one.traces().isEmpty()).isTrue();
        assertThat(one.bytes()).isEqualTo(other.bytes());
    }

    /** What one of these indexes takes. */
    private long small() {
        return made.get(0).bytes();
    }
}
