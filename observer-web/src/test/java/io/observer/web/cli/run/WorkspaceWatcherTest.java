package io.observer.web.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.recorder.PathExclusion;
import io.observer.web.cli.run.WorkspaceEvent.FileCreated;
import io.observer.web.cli.run.WorkspaceEvent.FileDeleted;
import io.observer.web.cli.run.WorkspaceEvent.FileModified;
import io.observer.web.cli.run.WorkspaceEvent.Limited;
import io.observer.web.cli.run.WorkspaceEvent.Rescanned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The watcher of a workspace")
@Timeout(60)
class WorkspaceWatcherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The JDK's own bound for one directory is 512 events, or 65,536 where it can be told. */
    private static final int MORE_THAN_A_DIRECTORY_REMEMBERS = 33_000;

    @TempDir
    private Path workspace;

    private final List<WorkspaceEvent> seen = Collections.synchronizedList(new ArrayList<>());
    private WorkspaceWatcher watcher;

    @AfterEach
    void close() {
        watcher.close();
    }

    @Test
    void tells_what_happens_to_a_file() throws Exception {
        watch();

        write("a.txt", "1");
        settle();
        write("a.txt", "22");
        settle();
        Files.delete(workspace.resolve("a.txt"));

        assertThat(settled())
                .containsExactly(new FileCreated("a.txt"), new FileModified("a.txt"), new FileDeleted("a.txt"));
    }

    @Test
    void is_silent_about_what_was_there() throws Exception {
        write("old/deep/a.txt", "1");
        watch();

        assertThat(settled()).isEmpty();
        write("old/deep/a.txt", "22");

        assertThat(settled()).containsExactly(new FileModified("old/deep/a.txt"));
    }

    @Test
    void sees_what_new_directories_are_filled_with_however_fast() throws Exception {
        watch();

        Set<String> files = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            String path = "d" + i + "/e/f/" + i + ".txt";
            write(path, "x");
            files.add(path);
        }

        assertThat(settled())
                .filteredOn(FileCreated.class::isInstance)
                .containsExactlyInAnyOrderElementsOf(files.stream()
                        .map(path -> (WorkspaceEvent) new FileCreated(path))
                        .toList());
    }

    @Test
    void tells_a_renamed_file_as_deleted_and_created() throws Exception {
        write("a.txt", "1");
        watch();

        Files.move(workspace.resolve("a.txt"), workspace.resolve("b.txt"));

        assertThat(settled()).containsExactly(new FileDeleted("a.txt"), new FileCreated("b.txt"));
    }

    @Test
    void tells_a_file_that_another_takes_the_place_of_as_modified() throws Exception {
        write("a.txt", "old");
        write("a.new", "new");
        watch();

        Files.move(
                workspace.resolve("a.new"),
                workspace.resolve("a.txt"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(settled()).containsExactlyInAnyOrder(new FileDeleted("a.new"), new FileModified("a.txt"));
    }

    @Test
    void follows_a_directory_that_moves() throws Exception {
        write("from/deep/a.txt", "1");
        Files.createDirectories(workspace.resolve("to"));
        watch();

        Files.move(workspace.resolve("from/deep"), workspace.resolve("to/deep"));
        assertThat(settled())
                .containsExactlyInAnyOrder(new FileDeleted("from/deep/a.txt"), new FileCreated("to/deep/a.txt"));
        seen.clear();
        write("to/deep/a.txt", "22");

        assertThat(settled()).containsExactly(new FileModified("to/deep/a.txt"));
    }

    @Test
    void tells_the_files_of_a_directory_that_is_deleted() throws Exception {
        write("d/e/a.txt", "1");
        watch();

        Files.delete(workspace.resolve("d/e/a.txt"));
        Files.delete(workspace.resolve("d/e"));
        Files.delete(workspace.resolve("d"));

        assertThat(settled()).containsExactly(new FileDeleted("d/e/a.txt"));
    }

    @Test
    void neither_enters_nor_tells_what_is_excluded() throws Exception {
        write("target/classes/A.class", "1");
        watch("target/", "*.tmp");

        write("target/classes/A.class", "22");
        write("module/target/B.class", "1");
        write("note.tmp", "1");
        write(".marianne-observer.jsonl", "1");
        write("src/A.java", "1");

        assertThat(settled()).containsExactly(new FileCreated("src/A.java"));
    }

    @Test
    void leaves_a_data_directory_of_a_server_alone() throws Exception {
        write("kept/log/identity.properties", "epoch=a");
        watch();

        write("kept/log/1.jsonl", "{}");

        assertThat(settled()).isEmpty();
    }

    @Test
    void does_not_follow_links() throws Exception {
        Path elsewhere = Files.createTempDirectory("elsewhere-");
        watch();

        Files.createSymbolicLink(workspace.resolve("link"), elsewhere);
        settle();
        Files.writeString(elsewhere.resolve("a.txt"), "1");

        assertThat(settled()).containsExactly(new FileCreated("link"));
        Files.delete(elsewhere.resolve("a.txt"));
        Files.delete(elsewhere);
    }

    @Test
    void survives_a_flood_and_ends_in_the_right_picture() throws Exception {
        watch();

        for (int i = 0; i < 20_000; i++) {
            Files.createFile(workspace.resolve("f" + i));
        }
        settle();
        for (int i = 0; i < 20_000; i += 2) {
            Files.delete(workspace.resolve("f" + i));
        }

        Set<String> present = new TreeSet<>();
        for (WorkspaceEvent event : settled()) {
            if (event instanceof FileCreated created) {
                present.add(created.path());
            } else if (event instanceof FileDeleted deleted) {
                present.remove(deleted.path());
            }
        }
        assertThat(present).hasSize(10_000).allMatch(name -> Integer.parseInt(name.substring(1)) % 2 == 1);
    }

    @Test
    void looks_again_at_a_directory_in_which_more_happens_than_can_be_told_one_by_one() throws Exception {
        write("busy/sub/a.txt", "1");
        CountDownLatch distracted = new CountDownLatch(1);
        CountDownLatch attentive = new CountDownLatch(1);
        watcher = WorkspaceWatcher.start(workspace, exclusion(), event -> {
            seen.add(event);
            if (event.equals(new FileCreated("first"))) {
                distracted.countDown();
                awaitQuietly(attentive);
            }
        });
        write("first", "1");
        distracted.await();

        for (int i = 0; i < MORE_THAN_A_DIRECTORY_REMEMBERS; i++) {
            Path fleeting = Files.createFile(workspace.resolve("busy/fleeting"));
            Files.delete(fleeting);
        }
        Files.delete(workspace.resolve("busy/sub/a.txt"));
        Files.delete(workspace.resolve("busy/sub"));
        write("busy/sub/b.txt", "1");
        attentive.countDown();

        assertThat(settled())
                .contains(new FileDeleted("busy/sub/a.txt"), new FileCreated("busy/sub/b.txt"))
                .hasAtLeastOneElementOfType(Rescanned.class);
        seen.clear();
        write("busy/sub/c.txt", "1");
        assertThat(settled()).containsExactly(new FileCreated("busy/sub/c.txt"));
    }

    @Test
    void says_once_when_there_is_more_than_it_can_watch() throws Exception {
        write("a/1.txt", "1");
        write("b/1.txt", "1");
        write("c/1.txt", "1");
        watcher = WorkspaceWatcher.start(workspace, exclusion(), 3, seen::add);

        assertThat(seen).singleElement().isInstanceOf(Limited.class);
    }

    @Test
    void remembers_no_more_files_of_one_directory_than_it_may_and_says_so() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("before" + i, "1");
        }
        watcher = WorkspaceWatcher.start(workspace, exclusion(), 25, seen::add);
        assertThat(seen).isEmpty();

        for (int i = 0; i < 20; i++) {
            write("after" + i, "1");
        }

        settle();
        assertThat(seen.stream().filter(FileCreated.class::isInstance)).hasSize(4);
        assertThat(seen.stream().filter(Limited.class::isInstance))
                .containsExactly(new Limited(1, "more than 25 files and directories"));
        seen.clear();
        for (int i = 0; i < 20; i++) {
            Files.delete(workspace.resolve("before" + i));
        }
        settle();
        write("again", "1");
        assertThat(settled())
                .contains(new FileDeleted("before0"), new FileDeleted("before19"), new FileCreated("again"));
    }

    @Test
    void goes_on_when_the_workspace_is_deleted_and_made_again() throws Exception {
        write("target/a.txt", "1");
        Path root = workspace.resolve("target");
        watcher = WorkspaceWatcher.start(root, exclusion(), seen::add);

        for (int round = 0; round < 3; round++) {
            seen.clear();
            Files.delete(root.resolve("a.txt"));
            Files.delete(root);
            write("target/sub/b.txt", "1");
            write("target/a.txt", "1");
            awaitSeen(new FileCreated("a.txt"));
            assertThat(settled()).contains(new FileDeleted("a.txt"), new FileCreated("sub/b.txt"));

            seen.clear();
            write("target/sub/c.txt", "1");
            assertThat(settled()).containsExactly(new FileCreated("sub/c.txt"));
            Files.delete(root.resolve("sub/b.txt"));
            Files.delete(root.resolve("sub/c.txt"));
            Files.delete(root.resolve("sub"));
        }
    }

    @Test
    void goes_on_in_what_takes_the_place_of_a_workspace_that_is_moved_away() throws Exception {
        write("target/a.txt", "1");
        Path root = workspace.resolve("target");
        watcher = WorkspaceWatcher.start(root, exclusion(), seen::add);

        Files.move(root, workspace.resolve("target.old"));
        awaitSeen(new FileDeleted("a.txt"));
        write("target/b.txt", "1");
        awaitSeen(new FileCreated("b.txt"));

        write("target.old/c.txt", "1");
        settle();
        assertThat(seen).doesNotContain(new FileCreated("c.txt"));
    }

    @Test
    void settles_for_as_long_as_there_is_progress() throws Exception {
        Duration little = Duration.ofMillis(500);
        watcher = WorkspaceWatcher.start(workspace, exclusion(), event -> {
            LockSupport.parkNanos(little.toNanos() / 5);
            seen.add(event);
        });
        for (int i = 0; i < 15; i++) {
            write("f" + i, "1");
        }

        assertThat(watcher.settle(little)).isTrue();

        assertThat(seen).contains(new FileCreated("f0"), new FileCreated("f14"));
    }

    @Test
    void gives_up_when_nothing_moves_on_and_then_tells_no_more() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        watcher = WorkspaceWatcher.start(workspace, exclusion(), event -> {
            seen.add(event);
            stuck.countDown();
            awaitQuietly(free);
        });
        write("a", "1");
        write("b", "1");
        stuck.await();

        assertThat(watcher.settle(Duration.ofMillis(100))).isFalse();
        watcher.close();
        free.countDown();

        assertThat(watcher.settle(Duration.ofMillis(100))).isFalse();
        assertThat(seen).hasSize(1);
    }

    private void awaitSeen(WorkspaceEvent event) {
        await().untilAsserted(() -> assertThat(seen).contains(event));
    }

    @Test
    void says_that_it_does_not_go_deeper_than_anybody_builds() throws Exception {
        Path deepest = workspace;
        for (int i = 0; i < 250; i++) {
            deepest = Files.createDirectory(deepest.resolve("d"));
        }
        watch();

        assertThat(seen).singleElement().isEqualTo(new Limited(201, "directories in more than 200 others"));
        write("d/d/d/a.txt", "1");

        assertThat(settled()).contains(new FileCreated("d/d/d/a.txt"));
    }

    private void watch(String... patterns) throws IOException {
        watcher = WorkspaceWatcher.start(workspace, exclusion(patterns), seen::add);
    }

    private static PathExclusion exclusion(String... patterns) {
        return new PathExclusion(List.of(patterns), ".marianne-observer.jsonl");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = workspace.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void settle() throws InterruptedException {
        assertThat(watcher.settle(PATIENCE)).isTrue();
    }

    /** What was told by the time everything is, but for modifications that a creation implies. */
    private List<WorkspaceEvent> settled() throws InterruptedException {
        settle();
        List<WorkspaceEvent> told = List.copyOf(seen);
        List<WorkspaceEvent> kept = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            if (i == 0 || !told.get(i).equals(told.get(i - 1))) {
                kept.add(told.get(i));
            }
        }
        return kept;
    }
}
