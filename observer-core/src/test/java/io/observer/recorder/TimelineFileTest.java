package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.log.ChannelOpener;
import io.observer.log.FullDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A timeline on disk")
class TimelineFileTest {

    private static final String NAME = ".marianne-observer.jsonl";
    private static final long MANY = 1 << 20;

    @TempDir
    Path root;

    private Path workspace;
    private Path file;
    private final OpenFiles open = new OpenFiles(100);

    @BeforeEach
    void make_the_workspace() throws IOException {
        workspace = Files.createDirectory(root.toRealPath().resolve("workspace"));
        file = workspace.resolve(NAME);
    }

    @Test
    void has_a_line_for_each() throws IOException {
        timeline(MANY).write(lines("{\"a\":1}", "{\"b\":2}"));

        assertThat(file).hasContent("""
                {"a":1}
                {"b":2}
                """);
    }

    @Test
    void is_readable_for_its_owner_only() throws IOException {
        timeline(MANY).write(lines("1"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"rw-rw-rw-", "rw-r--r--", "rwxrwxrwx", "rw-------"})
    void that_others_could_read_or_write_is_its_owners_only_once_it_is_opened(String before) throws IOException {
        Files.writeString(file, "old\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(before));

        timeline(MANY).write(lines("new"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file).hasContent("old\nnew\n");
    }

    @Test
    void goes_on_where_the_last_run_ended() throws IOException {
        Files.writeString(file, "old\n");

        timeline(MANY).write(lines("new"));

        assertThat(file).hasContent("old\nnew\n");
    }

    @Test
    void closes_a_torn_line_before_it_goes_on() throws IOException {
        Files.writeString(file, "whole\n{\"torn\":");

        timeline(MANY).write(lines("1", "2"));

        assertThat(file).hasContent("whole\n{\"torn\":\n1\n2\n");
    }

    @Test
    void closes_a_line_that_was_torn_while_it_was_open() throws IOException {
        TimelineFile timeline = timeline(MANY);
        timeline.write(lines("1"));
        Files.writeString(file, "1\n{\"to");

        timeline.write(lines("2"));

        assertThat(file).hasContent("1\n{\"to\n2\n");
    }

    @Test
    void keeps_the_newest_whole_lines_when_it_is_full() throws IOException {
        TimelineFile timeline = timeline(4_096);
        for (int n = 0; n < 200; n++) {
            timeline.write(lines(numbered(n)));
            assertThat(Files.size(file)).isLessThanOrEqualTo(4_096);
        }

        assertThat(Files.size(file)).isGreaterThan(2_900);
        List<String> kept = Files.readAllLines(file);
        assertThat(kept)
                .containsExactlyElementsOf(IntStream.range(200 - kept.size(), 200)
                        .mapToObj(TimelineFileTest::numbered)
                        .toList());
        assertThat(workspace.toFile().list()).containsExactly(NAME);
    }

    @Test
    void keeps_the_newest_lines_of_a_batch_that_is_larger_than_all_of_it() throws IOException {
        timeline(4_096)
                .write(IntStream.range(0, 200)
                        .mapToObj(n -> numbered(n).getBytes(StandardCharsets.UTF_8))
                        .toList());

        assertThat(Files.size(file)).isBetween(2_900L, 4_096L);
        assertThat(Files.readAllLines(file)).endsWith(numbered(198), numbered(199));
    }

    @Test
    void is_never_emptied_by_one_line_that_is_larger_than_all_of_it() throws IOException {
        TimelineFile timeline = timeline(4_096);
        timeline.write(lines("before"));
        String huge = "x".repeat(10_000);

        timeline.write(lines(huge));
        assertThat(Files.readAllLines(file)).containsExactly(huge);

        timeline.write(lines("after"));
        assertThat(Files.readAllLines(file)).containsExactly("after");
    }

    @Test
    void that_is_too_large_when_it_is_opened_is_cut_with_the_first_line() throws IOException {
        Files.writeString(file, numbered(7).concat("\n").repeat(1_000) + "torn");

        timeline(4_096).write(lines("new"));

        assertThat(Files.size(file)).isLessThanOrEqualTo(4_096);
        assertThat(Files.readAllLines(file)).startsWith(numbered(7)).endsWith("torn", "new");
    }

    @Test
    void removes_what_a_rewrite_that_was_interrupted_left() throws IOException {
        Files.writeString(workspace.resolve(NAME + ".tmp"), "half");

        timeline(MANY).write(lines("1"));

        assertThat(workspace.toFile().list()).containsExactly(NAME);
    }

    @Test
    void is_not_rewritten_through_a_link_that_somebody_has_put_there() throws IOException {
        Path victim = Files.writeString(root.resolve("victim"), "precious");
        TimelineFile timeline = timeline(4_096);
        timeline.write(lines("1"));
        Files.createSymbolicLink(workspace.resolve(NAME + ".tmp"), victim);

        assertThatThrownBy(() -> {
                    for (int n = 0; n < 200; n++) {
                        timeline.write(lines(numbered(n)));
                    }
                })
                .isInstanceOf(IOException.class);
        timeline.write(lines("later"));

        assertThat(victim).hasContent("precious");
        assertThat(Files.readAllLines(file)).endsWith("later");
    }

    @Test
    void is_never_written_through_a_symbolic_link() throws IOException {
        Path victim = Files.writeString(root.resolve("victim"), "precious");
        Files.createSymbolicLink(file, victim);

        assertThatThrownBy(() -> timeline(MANY).write(lines("1"))).hasMessage("the timeline is a symbolic link");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void that_turns_into_a_symbolic_link_while_it_is_open_is_left_alone() throws IOException {
        Path victim = Files.writeString(root.resolve("victim"), "precious");
        TimelineFile timeline = timeline(MANY);
        timeline.write(lines("1"));
        Files.delete(file);
        Files.createSymbolicLink(file, victim);

        assertThatThrownBy(() -> timeline.write(lines("2"))).hasMessage("the timeline is a symbolic link");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void is_a_regular_file_with_one_name() throws IOException {
        Files.createDirectory(file);
        assertThatThrownBy(() -> timeline(MANY).write(lines("1"))).hasMessage("the timeline is no regular file");
        Files.delete(file);
        Files.createLink(file, Files.writeString(root.resolve("victim"), "precious"));

        assertThatThrownBy(() -> timeline(MANY).write(lines("1"))).hasMessage("the timeline has several names");
    }

    @Test
    void stays_in_its_workspace_when_that_becomes_a_link_to_somewhere_else() throws IOException {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        TimelineFile timeline = timeline(MANY);
        timeline.write(lines("1"));
        Files.move(workspace, root.resolve("moved"));
        Files.createSymbolicLink(workspace, elsewhere);

        assertThatThrownBy(() -> timeline.write(lines("2")))
                .hasMessage("the workspace is no longer the directory that was registered");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void is_begun_again_when_its_workspace_was_removed_and_came_back() throws IOException {
        TimelineFile timeline = timeline(MANY);
        timeline.write(lines("1"));
        Files.delete(file);
        Files.delete(workspace);
        assertThatThrownBy(() -> timeline.write(lines("2"))).hasMessage("the workspace does not exist");

        Files.createDirectory(workspace);
        timeline.write(lines("2"));

        assertThat(file).hasContent("2\n");
    }

    @Test
    void has_no_half_line_after_a_disk_was_full() throws IOException {
        FullDisk disk = new FullDisk();
        TimelineFile timeline = timeline(MANY, disk);
        timeline.write(lines("first"));
        disk.fillUp();
        assertThatThrownBy(() -> timeline.write(lines("a line that fits only in part")))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("first\n");

        disk.makeRoom();
        timeline.write(lines("second"));

        assertThat(file).hasContent("first\nsecond\n");
    }

    @Test
    void keeps_its_lines_when_the_disk_is_full_while_it_is_rewritten() throws IOException {
        FullDisk disk = new FullDisk();
        TimelineFile timeline = timeline(4_096, disk);
        List<byte[]> most = lines(Stream.generate(() -> numbered(1)).limit(30).toArray(String[]::new));
        timeline.write(most);
        disk.fillUp();

        assertThatThrownBy(() -> timeline.write(most)).isInstanceOf(IOException.class);

        assertThat(Files.readAllLines(file)).hasSize(30);
        assertThat(workspace.toFile().list()).containsExactly(NAME);
    }

    @Test
    void does_not_stay_open_when_too_many_are() throws IOException {
        TimelineFile one = new TimelineFile(
                new Workspaces(List.of(root)), workspace, NAME, MANY, ChannelOpener.system(), new OpenFiles(0));

        one.write(lines("1"));
        assertThat(one.isOpen()).isFalse();
        one.write(lines("2"));

        assertThat(file).hasContent("1\n2\n");
    }

    private TimelineFile timeline(long maxBytes) {
        return timeline(maxBytes, ChannelOpener.system());
    }

    private TimelineFile timeline(long maxBytes, ChannelOpener disk) {
        return new TimelineFile(new Workspaces(List.of(root)), workspace, NAME, maxBytes, disk, open);
    }

    private static String numbered(int n) {
        return "{\"line\":%05d,\"text\":\"%s\"}".formatted(n, "x".repeat(90));
    }

    private static List<byte[]> lines(String... lines) {
        return Stream.of(lines)
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
