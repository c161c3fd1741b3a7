package io.observer.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {

    @TempDir(factory = MemoryTempDir.class)
    private Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void is_named_after_its_epoch_and_its_lowest_id() throws IOException {
        Path file = Segment.path(directory, "k3f9x2", 214_008);

        assertThat(file.getFileName()).hasToString("k3f9x2-00000000000000214008.jsonl");
        assertThat(Segment.epochOf(file)).isEqualTo("k3f9x2");
        assertThat(Segment.open(file, disk).baseId()).isEqualTo(214_008);
    }

    @Test
    void names_follow_each_other_as_ids_do() {
        List<Path> byId = Stream.of(1L, 2L, 9L, 10L, 999_999L, 1_000_000L, Long.MAX_VALUE)
                .map(id -> Segment.path(directory, "k3f9x2", id))
                .toList();

        assertThat(byId).isSorted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock",
                "identity.properties",
                "k3f9x2-00000000000000214008.idx",
                "k3f9x2-00000000000000214008.jsonl.new",
                "k3f9x2-214008.jsonl",
                "-00000000000000214008.jsonl",
                "k3-f9-00000000000000214008.jsonl"
            })
    void other_files_are_no_segments(String name) {
        assertThat(Segment.epochOf(directory.resolve(name))).isNull();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Segment.open(directory.resolve(name), disk));
    }

    @Test
    void writes_at_its_end_in_one_write() throws IOException {
        Segment segment = open();

        segment.append(bytes("one\n"));
        segment.append(bytes("two\n"));

        assertThat(segment.size()).isEqualTo(8);
        assertThat(segment.file()).hasContent("one\ntwo\n");
        assertThat(disk.count(FaultyDisk.Call.WRITE)).isEqualTo(2);
    }

    @Test
    void goes_on_writing_when_the_disk_takes_only_some() throws IOException {
        Segment segment = open();
        disk.halveOn(request -> request.call() == FaultyDisk.Call.WRITE);

        segment.append(bytes("a line of some length\n"));

        assertThat(segment.file()).hasContent("a line of some length\n");
        assertThat(disk.count(FaultyDisk.Call.WRITE)).isGreaterThan(3);
    }

    @Test
    void a_failed_write_is_none_to_those_who_ask_its_size_and_can_be_cut_off() throws IOException {
        Segment segment = open();
        segment.append(bytes("one\n"));
        disk.halveOn(request -> true);
        disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE && request.number() == 3);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> segment.append(bytes("two\n")));

        assertThat(segment.size()).isEqualTo(4);
        assertThat(segment.file()).hasContent("one\ntw");
        segment.cutBack(4);
        assertThat(segment.file()).hasContent("one\n");
        disk.heal();
        segment.append(bytes("three\n"));
        assertThat(segment.file()).hasContent("one\nthree\n");
    }

    @Test
    void reads_from_any_place_as_far_as_it_goes() throws IOException {
        Segment segment = open();
        segment.append(bytes("one\ntwo\n"));
        ByteBuffer into = ByteBuffer.allocate(10);

        segment.read(into, 4);

        assertThat(new String(into.array(), 0, into.position(), StandardCharsets.UTF_8))
                .isEqualTo("two\n");
        segment.read(into.clear(), 8);
        assertThat(into.position()).isZero();
    }

    @Test
    void a_deleted_one_leaves_no_file_and_is_closed_to_its_readers() throws IOException {
        Segment segment = open();
        segment.append(bytes("one\n"));
        Files.createFile(SegmentIndexFile.beside(segment.file()));

        segment.delete();
        segment.delete();

        assertThat(directory).isEmptyDirectory();
        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> segment.read(ByteBuffer.allocate(4), 0));
    }

    private Segment open() throws IOException {
        return Segment.open(Segment.path(directory, "k3f9x2", 1), disk);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
