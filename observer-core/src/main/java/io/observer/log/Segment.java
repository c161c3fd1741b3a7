package io.observer.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log: events as lines of JSON, oldest first. Named after the log's epoch and the lowest id it may hold,
 * for example {@code k3f9x2-00000000000000000001.jsonl}. One thread writes, any number read.
 */
final class Segment {

    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9]+)-([0-9]{20})\\.jsonl");

    private final Path file;
    private final long baseId;
    private final FileChannel channel;
    private volatile long size;
    private volatile long lastId;
    private volatile long age;

    private Segment(Path file, long baseId, FileChannel channel, long size) {
        this.file = file;
        this.baseId = baseId;
        this.channel = channel;
        this.size = size;
        this.lastId = baseId - 1;
    }

    static Path path(Path directory, String epoch, long baseId) {
        return directory.resolve(String.format(Locale.ROOT, "%s-%020d.jsonl", epoch, baseId));
    }

    /** The epoch in the name of {@code file}, or null if that is no segment's name. */
    static @Nullable String epochOf(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? name.group(1) : null;
    }

    /** Opens the segment {@code file}, making it if it is not there. */
    static Segment open(Path file, ChannelOpener files) throws IOException {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is no segment");
        }
        FileChannel channel =
                files.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new Segment(file, Long.parseLong(name.group(2)), channel, channel.size());
    }

    /** Writes all of {@code lines} at the end, in one write as long as the system takes it whole. */
    void append(ByteBuffer lines) throws IOException {
        long at = size;
        while (lines.hasRemaining()) {
            at += channel.write(lines, at);
        }
        size = at;
    }

    /** Makes the file end at {@code end} again. */
    void cutBack(long end) throws IOException {
        channel.truncate(end);
        size = end;
    }

    /** Fills {@code into} from {@code position}, as far as the segment goes. */
    void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return;
            }
            at += read;
        }
    }

    /** Returns when the disk has what was written. */
    void flush() throws IOException {
        channel.force(false);
    }

    void close() throws IOException {
        channel.close();
    }

    /** Removes the segment and its index; readers that stand in it find it closed. */
    void delete() throws IOException {
        channel.close();
        SegmentIndexFile.delete(file);
        Files.deleteIfExists(file);
    }

    /** Events up to {@code newestId} are in it, the last of them written at this age of the log. */
    void holdsThrough(long newestId, long ageOfNewest) {
        lastId = newestId;
        age = ageOfNewest;
    }

    Path file() {
        return file;
    }

    /** No id in it is lower. */
    long baseId() {
        return baseId;
    }

    /** The newest id in it; one less than {@link #baseId} when it is empty. */
    long lastId() {
        return lastId;
    }

    long size() {
        return size;
    }

    /** The log's age, in seconds, when its newest event was written. */
    long age() {
        return age;
    }
}
