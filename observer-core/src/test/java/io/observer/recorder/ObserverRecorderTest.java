package io.observer.recorder;

import static io.observer.recorder.Samples.T;
import static io.observer.recorder.Samples.file;
import static io.observer.recorder.Samples.process;
import static io.observer.recorder.TestRecorder.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.event.EventDraft;
import io.observer.event.EventFilter;
import io.observer.event.TestEvents;
import io.observer.log.PageLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The recorder")
class ObserverRecorderTest {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    @TempDir
    Path temporary;

    private Path root;

    @BeforeEach
    void find_the_real_root() throws IOException {
        root = temporary.toRealPath();
    }

    @Test
    void writes_the_observer_events_of_a_registered_job_and_nothing_else() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");

        test.publish(
                file("a", "created", "x", T),
                TestEvents.draft("a", "job.started"),
                process("a", 7),
                file("b", "created", "x", T),
                TestEvents.draft("", "observer.file_created"),
                TestEvents.draft("a", "observer.something_new"));

        assertThat(Files.readString(timeline)).isEqualTo("""
                {"id":1,"job_id":"a","sheet_num":0,"event":"observer.file_created","data":{"path":"x"},"timestamp":1732152419.1}
                {"id":3,"job_id":"a","sheet_num":0,"event":"observer.process_spawned","data":{"pid":7,"name":"javac"},"timestamp":1732152419.250000}
                {"id":6,"job_id":"a","sheet_num":0,"event":"observer.something_new","data":null,"timestamp":1732152419.250000}
                """);
    }

    @Test
    void listens_to_nobody_when_it_is_off() throws IOException {
        TestRecorder test = new TestRecorder(root, settings -> off(settings));
        test.publish(file("a", "created", "x", T));

        assertThat(test.bus.subscribers()).isZero();
        assertThatThrownBy(() -> test.record("a"))
                .isInstanceOf(RegistrationConflictException.class)
                .hasMessageContaining("observer.recorder.enabled=true");
        assertThat(test.recorder.unregister("a").block()).isFalse();
        assertThat(test.recent("a", 20)).containsExactly(1L);
        assertThat(test.recentOfAll(20)).containsExactly(1L);
    }

    @Test
    void runs_a_timer_only_while_something_is_held_back() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        long before = test.time.getScheduledTaskCount();
        test.publish(file("a", "modified", "x", T));
        assertThat(lines(timeline)).isEmpty();

        test.pass(WINDOW.minusNanos(1));
        assertThat(lines(timeline)).isEmpty();
        test.pass(Duration.ofNanos(1));
        assertThat(lines(timeline)).containsExactly(1L);

        test.pass(Duration.ofMinutes(5));
        long tending = Duration.ofMinutes(5).plus(WINDOW).toSeconds();
        assertThat(test.time.getScheduledTaskCount() - before).isLessThan(tending + 20);
    }

    @Test
    void remembers_at_once_what_it_holds_back() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        for (int n = 0; n < 5; n++) {
            test.publish(file("a", "modified", "x", T + n * 0.1));
        }

        assertThat(test.recent("a", 20)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(lines(timeline)).isEmpty();

        test.pass(WINDOW);
        assertThat(lines(timeline)).containsExactly(5L);
        assertThat(timeline).content().endsWith(",\"coalesced\":5}\n");
    }

    @Test
    void shows_a_file_never_modified_after_its_deletion() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");

        test.publish(file("a", "modified", "x", T), file("a", "deleted", "x", T), process("a", 7));

        assertThat(lines(timeline)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void keeps_excluded_files_out_of_timeline_and_ring() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");

        test.publish(
                file("a", "created", ".git/HEAD", T),
                file("a", "deleted", "x.pyc", T),
                file("a", "created", TestRecorder.FILE, T),
                TestEvents.draft("a", "observer.file_created"),
                TestEvents.draft("{\"job_id\":\"a\",\"event\":\"observer.file_created\",\"data\":{\"path\":\"\"}}"),
                TestEvents.draft(
                        "{\"job_id\":\"a\",\"event\":\"observer.file_created\",\"data\":{\"path\":[\".git/\"]}}"));

        assertThat(test.recent("a", 20)).containsExactly(6L, 5L, 4L);
        assertThat(lines(timeline)).containsExactly(4L, 5L, 6L);
        assertThat(test.recorder.metrics().excluded()).isEqualTo(3);
    }

    @Test
    void registers_again_without_any_effect() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path workspace = test.workspace("a");
        Files.writeString(workspace.resolve(TestRecorder.FILE), "{\"id\":0,\"from\":\"before\"}\n");

        assertThat(test.register("a", workspace)).isEqualTo(new Registered("a", workspace, true));
        test.publish(process("a", 1));
        assertThat(test.register("a", workspace)).isEqualTo(new Registered("a", workspace, false));
        assertThat(test.register("a", null)).isEqualTo(new Registered("a", workspace, false));
        test.publish(process("a", 2));

        assertThat(lines(workspace.resolve(TestRecorder.FILE))).containsExactly(0L, 1L, 2L);
        assertThat(test.recent("a", 20)).containsExactly(2L, 1L);
    }

    @Test
    void gives_a_job_without_a_workspace_a_ring_and_a_timeline_later() throws IOException {
        TestRecorder test = new TestRecorder(root);
        assertThat(test.register("a", null)).isEqualTo(new Registered("a", null, true));
        test.publish(process("a", 1));
        assertThat(test.recent("a", 20)).containsExactly(1L);

        Path timeline = test.record("a");
        test.publish(process("a", 2));

        assertThat(lines(timeline)).containsExactly(2L);
        assertThat(test.recent("a", 20)).containsExactly(2L, 1L);
        assertThat(test.recorder.registered("a"))
                .hasValueSatisfying(job -> assertThat(job.workspace()).isEqualTo(root.resolve("a")));
    }

    @Test
    void refuses_a_second_workspace_and_a_workspace_that_another_job_has() throws IOException {
        TestRecorder test = new TestRecorder(root);
        test.record("a");
        Path other = test.workspace("other");
        Files.createSymbolicLink(root.resolve("link"), root.resolve("a"));

        assertThatThrownBy(() -> test.register("a", other))
                .isInstanceOf(RegistrationConflictException.class)
                .hasMessageContaining("another workspace");
        for (String same : List.of("a", "link", "other/../a")) {
            assertThatThrownBy(() -> test.register("b", root.resolve(same)))
                    .isInstanceOf(RegistrationConflictException.class)
                    .hasMessageContaining("another job");
        }
        assertThat(test.recorder.registered("b")).isEmpty();
        assertThat(test.recorder.jobs()).isEqualTo(1);
    }

    @Test
    void knows_a_workspace_again_that_is_away() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path workspace = test.record("a").getParent();
        Files.createSymbolicLink(root.resolve("way"), root);
        Files.delete(workspace);

        for (String same : List.of("a", "way/a", "missing/../a")) {
            assertThat(test.register("a", root.resolve(same))).isEqualTo(new Registered("a", workspace, false));
        }
        assertThatThrownBy(() -> test.register("a", root.resolve("missing")))
                .isInstanceOf(RegistrationConflictException.class)
                .hasMessageContaining("another workspace");
        test.register("ring", null);
        assertThatThrownBy(() -> test.register("ring", root.resolve("missing")))
                .isInstanceOf(WorkspaceRefusedException.class);
    }

    @Test
    void refuses_what_is_no_directory_under_its_roots() throws IOException {
        Path inside = Files.createDirectories(root.resolve("roots"));
        Path outside = Files.createDirectories(root.resolve("outside"));
        TestRecorder test = new TestRecorder(inside);
        Path file = Files.createFile(inside.resolve("file"));
        Path link = Files.createSymbolicLink(inside.resolve("link"), outside);

        assertThatThrownBy(() -> test.register("a", inside.resolve("missing")))
                .isInstanceOf(WorkspaceRefusedException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> test.register("a", file))
                .isInstanceOf(WorkspaceRefusedException.class)
                .hasMessageContaining("no directory");
        for (Path elsewhere : List.of(outside, link, inside.resolve("../outside"), Path.of("/"))) {
            assertThatThrownBy(() -> test.register("a", elsewhere))
                    .isInstanceOf(WorkspaceRefusedException.class)
                    .hasMessageContaining("observer.recorder.workspace-roots");
        }
        assertThat(test.recorder.registered("a")).isEmpty();
    }

    @Test
    void takes_so_many_jobs_and_no_more() {
        TestRecorder test = new TestRecorder(root);
        IntStream.range(0, 100).forEach(n -> test.register("job-" + n, null));

        assertThatThrownBy(() -> test.register("one-more", null)).hasMessageContaining("100 jobs are registered");
        assertThat(test.recorder.unregister("job-7").block()).isTrue();
        assertThat(test.register("one-more", null).first()).isTrue();
    }

    @Test
    void writes_no_file_when_it_is_not_to_persist() throws IOException {
        TestRecorder test = new TestRecorder(root, settings -> ringsOnly(settings));
        Path timeline = test.record("a");
        test.publish(process("a", 1), file("a", "modified", "x", T));
        test.pass(WINDOW);

        assertThat(timeline).doesNotExist();
        assertThat(test.recent("a", 20)).containsExactly(2L, 1L);
    }

    @Test
    void writes_what_it_holds_back_before_it_lets_go_of_a_job() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        test.publish(file("a", "modified", "x", T), file("a", "modified", "y", T), file("a", "modified", "x", T));

        assertThat(test.recorder.unregister("a").block()).isTrue();
        assertThat(lines(timeline)).containsExactly(3L, 2L);

        test.publish(process("a", 4));
        test.pass(WINDOW);
        assertThat(lines(timeline)).containsExactly(3L, 2L);
        assertThat(test.recorder.unregister("a").block()).isFalse();
        assertThat(test.recorder.openFiles()).isZero();
        assertThat(test.recent("a", 20)).as("from the log").containsExactly(4L, 3L, 2L, 1L);
    }

    @Test
    void keeps_the_ring_right_when_the_timeline_cannot_be_written_says_so_and_heals() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path sick = test.record("sick");
        Path well = test.record("well");
        test.publish(process("sick", 1));
        Files.delete(sick);
        Files.delete(sick.getParent());

        test.publish(process("sick", 2), process("well", 3));

        assertThat(test.recent("sick", 20)).containsExactly(2L, 1L);
        assertThat(lines(well)).containsExactly(4L);
        assertThat(test.recorder.faults()).containsExactly("recorder: sick: the workspace does not exist");
        assertThat(logged(test, 3)).isEqualTo("""
                {"id":3,"job_id":"sick","sheet_num":0,"event":"recorder.degraded","data":{"job":"sick","reason":"the workspace does not exist","lost":0},"timestamp":1732152419.250000}""");

        Files.createDirectory(sick.getParent());
        test.pass(Duration.ofSeconds(1));

        assertThat(lines(sick)).containsExactly(2L);
        assertThat(test.recorder.faults()).isEmpty();
        assertThat(logged(test, 5)).contains("\"event\":\"recorder.recovered\",\"data\":{\"job\":\"sick\",\"lost\":0}");
        assertThat(test.recorder.metrics().failures()).isPositive();
    }

    @Test
    void never_waits_for_a_file() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        Queue<Runnable> hanging = new ArrayDeque<>();
        test.filesBy(hanging::add);

        IntStream.range(0, 1_000).forEach(n -> test.publish(process("a", n)));

        assertThat(test.recent("a", 3)).containsExactly(1_000L, 999L, 998L);
        assertThat(lines(timeline)).isEmpty();
        assertThat(hanging).hasSize(1);
        test.filesBy(Runnable::run);
        hanging.remove().run();
        assertThat(lines(timeline)).hasSize(1_000).isSorted();
    }

    @Test
    void waits_for_a_workspace_that_is_well_rather_than_lose_what_the_log_has() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        Queue<Runnable> slow = new ArrayDeque<>();
        test.filesBy(slow::add);

        test.publishAtOnce(
                IntStream.range(0, 70_000).mapToObj(n -> process("a", n)).toList());
        for (Runnable write = slow.poll(); write != null; write = slow.poll()) {
            write.run();
            test.pass(Duration.ofMillis(10));
        }

        assertThat(lines(timeline))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 70_000).boxed().toList());
        assertThat(test.recorder.metrics().lost()).isZero();
        assertThat(test.recorder.faults()).isEmpty();
    }

    @Test
    void lets_no_workspace_that_hangs_hold_up_the_others_for_long() throws IOException {
        TestRecorder test = new TestRecorder(root);
        test.record("stuck");
        Path well = test.record("well");
        Queue<Runnable> hanging = new ArrayDeque<>();
        test.filesBy(hanging::add);
        test.publish(process("stuck", 0));
        test.filesBy(Runnable::run);

        List<EventDraft> drafts = new ArrayList<>();
        IntStream.range(0, 70_000).forEach(n -> drafts.add(process("stuck", n)));
        drafts.add(process("well", 1));
        test.publishAtOnce(drafts);
        assertThat(lines(well)).isEmpty();
        test.pass(JobTimeline.MAY_HOLD_UP.plusMillis(20));

        assertThat(lines(well)).hasSize(1);
        assertThat(test.recorder.faults())
                .containsExactly("recorder: stuck: the workspace is slower than the events of the job");
        assertThat(test.recorder.metrics().lost()).isPositive();
    }

    @Test
    void answers_with_the_newest_first_and_as_many_as_are_asked_for() {
        TestRecorder test = new TestRecorder(root);
        test.register("a", null);
        IntStream.range(0, 300).forEach(n -> test.publish(process("a", n)));

        assertThat(test.recent("a", 3)).containsExactly(300L, 299L, 298L);
        assertThat(test.recent("a", 200)).hasSize(200).endsWith(101L);
        assertThat(test.recent("never-seen", 20)).isEmpty();
    }

    @Test
    void answers_for_a_job_that_is_not_registered_from_the_log_with_the_same_exclusions() {
        TestRecorder test = new TestRecorder(root);
        List<EventDraft> drafts = new ArrayList<>();
        drafts.add(file("a", "created", "far-back", T));
        IntStream.range(0, 3_000).forEach(n -> drafts.add(file("a", "created", "node_modules/" + n, T)));
        drafts.add(file("a", "created", "newest", T));
        test.publishAtOnce(drafts);

        assertThat(test.recent("a", 20)).containsExactly(3_002L, 1L);
    }

    @Test
    void knows_after_registration_and_after_a_restart_what_was_there_before() throws IOException {
        TestRecorder test = new TestRecorder(root);
        test.publish(process("a", 1), process("b", 2), file("a", "created", ".git/x", T), process("a", 4));
        Path timeline = test.record("a");
        test.publish(process("a", 5));
        assertThat(test.recent("a", 20)).containsExactly(5L, 4L, 1L);
        assertThat(test.recent("a", 2)).containsExactly(5L, 4L);

        test.restart(settings -> settings);
        assertThat(test.recorder.registered("a")).contains(new Registered("a", timeline.getParent(), false));
        test.publish(process("a", 6));

        assertThat(test.recent("a", 20)).containsExactly(6L, 5L, 4L, 1L);
        assertThat(test.recent("a", 20)).containsExactly(6L, 5L, 4L, 1L);
        assertThat(lines(timeline)).containsExactly(5L, 6L);
    }

    @Test
    void finds_after_a_restart_what_is_far_behind_excluded_events_a_part_of_the_way_with_each_question()
            throws IOException {
        TestRecorder test = new TestRecorder(root);
        test.record("a");
        List<EventDraft> drafts = new ArrayList<>();
        drafts.add(file("a", "created", "far-back", T));
        drafts.add(file("a", "created", "far-back-too", T));
        IntStream.range(0, 25_000).forEach(n -> drafts.add(file("a", "created", "node_modules/" + n, T)));
        test.publishAtOnce(drafts);
        test.restart(settings -> settings);

        assertThat(test.recent("a", 20)).isEmpty();
        assertThat(test.recent("a", 20)).isEmpty();
        test.publish(process("a", 1));

        assertThat(test.recent("a", 20)).containsExactly(25_003L, 2L, 1L);
        assertThat(test.recent("a", 20)).containsExactly(25_003L, 2L, 1L);
    }

    @Test
    void answers_without_a_hole_when_more_is_asked_for_than_is_at_hand() {
        TestRecorder test = new TestRecorder(root, settings -> withRing(settings, 5));
        IntStream.range(0, 10).forEach(n -> test.publish(process("a", n)));
        test.register("a", null);
        IntStream.range(10, 13).forEach(n -> test.publish(process("a", n)));
        List<Long> all = LongStream.rangeClosed(1, 20).map(n -> 21 - n).boxed().toList();
        assertThat(test.recent("a", 20)).isEqualTo(all.subList(7, 20));

        IntStream.range(13, 20).forEach(n -> test.publish(process("a", n)));

        assertThat(test.recent("a", 20)).isEqualTo(all);
        assertThat(test.recent("a", 20)).isEqualTo(all);
        assertThat(test.recent("a", 7)).isEqualTo(all.subList(0, 7));
    }

    @Test
    void has_no_timeline_of_a_job_whose_workspace_cannot_be_named_and_all_others() throws IOException {
        Path well = Files.createDirectory(root.resolve("well"));
        Files.createDirectory(root.resolve("recorder"));
        Files.writeString(root.resolve("recorder/registrations.json"), """
                {"odd":"/w/\\u0000","well":"%s"}""".formatted(well));
        TestRecorder test = new TestRecorder(root);

        test.publish(process("odd", 1), process("well", 2));

        assertThat(lines(well.resolve(TestRecorder.FILE))).containsExactly(2L);
        assertThat(test.recent("odd", 20)).containsExactly(1L);
        assertThat(test.recorder.faults()).containsExactly("""
                recorder: odd: the locale of this server cannot name the workspace; start it with a UTF-8 one, such as LC_ALL=C.UTF-8""");
        assertThat(test.recorder.unregister("odd").block()).isTrue();
        assertThat(test.recorder.faults()).isEmpty();
    }

    @Test
    void no_longer_writes_to_a_workspace_that_the_roots_of_a_later_start_leave_out() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");
        test.restart(settings -> withRoots(settings, List.of(root.resolve("elsewhere"))));

        test.publish(process("a", 1));

        assertThat(timeline).doesNotExist();
        assertThat(test.recorder.faults())
                .containsExactly("recorder: a: the workspace is outside of the allowed roots");
    }

    @Test
    void answers_for_all_jobs_by_timestamp_then_by_id() {
        TestRecorder test = new TestRecorder(root);
        test.register("a", null);
        test.publish(
                file("a", "created", "1", T + 9),
                file("b", "created", "2", T + 1),
                file("a", "created", "3", T + 5),
                file("b", "created", "4", T + 5),
                file("b", "created", ".git/5", T + 20),
                TestEvents.draft("a", "job.started"));

        assertThat(test.recentOfAll(10)).containsExactly(1L, 4L, 3L, 2L);
        assertThat(test.recentOfAll(2)).containsExactly(1L, 4L);
    }

    @Test
    void writes_everything_and_stops_listening_when_it_is_closed() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path a = test.record("a");
        Path b = test.record("b");
        test.publish(file("a", "modified", "x", T), file("b", "modified", "x", T));

        test.recorder.close().block();

        assertThat(lines(a)).containsExactly(1L);
        assertThat(lines(b)).containsExactly(2L);
        assertThat(test.bus.subscribers()).isZero();
        assertThat(test.recorder.openFiles()).isZero();
    }

    @Test
    void reads_back_from_the_log_what_came_too_fast() throws IOException {
        TestRecorder test = new TestRecorder(root);
        Path timeline = test.record("a");

        test.publishAtOnce(
                IntStream.range(0, 60_000).mapToObj(n -> process("a", n)).toList());

        assertThat(lines(timeline))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 60_000).boxed().toList());
        assertThat(test.recorder.metrics().missed()).isZero();
    }

    @Test
    void counts_and_says_what_came_too_fast_even_for_the_log() throws IOException {
        TestRecorder test = new TestRecorder(root, 1_000, settings -> settings);
        Path timeline = test.record("a");

        test.publishAtOnce(
                IntStream.range(0, 60_000).mapToObj(n -> process("a", n)).toList());

        assertThat(lines(timeline)).isSorted().endsWith(60_000L).hasSize(20_000);
        assertThat(test.recorder.metrics().missed()).isEqualTo(40_000);
        assertThat(logged(test, 60_001)).contains("""
                "event":"recorder.degraded","data":{"job":"","reason":"the recorder fell behind, and the log no longer has the events","lost":40000}""");
    }

    private static String logged(TestRecorder test, long id) {
        return test.log
                .read(id - 1, EventFilter.all(), PageLimit.of(1))
                .block()
                .events()
                .get(0)
                .jsonText();
    }

    private static RecorderSettings off(RecorderSettings s) {
        return new RecorderSettings(
                false,
                true,
                s.excludePatterns(),
                s.coalesceWindow(),
                s.maxTimelineBytes(),
                s.fileName(),
                s.ringSize(),
                s.workspaceRoots(),
                s.maxJobs(),
                s.maxOpenFiles(),
                s.directory());
    }

    private static RecorderSettings ringsOnly(RecorderSettings s) {
        return new RecorderSettings(
                true,
                false,
                s.excludePatterns(),
                s.coalesceWindow(),
                s.maxTimelineBytes(),
                s.fileName(),
                s.ringSize(),
                s.workspaceRoots(),
                s.maxJobs(),
                s.maxOpenFiles(),
                s.directory());
    }

    private static RecorderSettings withRing(RecorderSettings s, int size) {
        return new RecorderSettings(
                true,
                true,
                s.excludePatterns(),
                s.coalesceWindow(),
                s.maxTimelineBytes(),
                s.fileName(),
                size,
                s.workspaceRoots(),
                s.maxJobs(),
                s.maxOpenFiles(),
                s.directory());
    }

    private static RecorderSettings withRoots(RecorderSettings s, List<Path> roots) {
        return new RecorderSettings(
                true,
                true,
                s.excludePatterns(),
                s.coalesceWindow(),
                s.maxTimelineBytes(),
                s.fileName(),
                s.ringSize(),
                roots,
                s.maxJobs(),
                s.maxOpenFiles(),
                s.directory());
    }
}
