package io.observer.operation;

import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import io.observer.log.ChannelOpener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a journal held before one of its generations, stored when that begins: whatever is in it and in later ones counts
 * on from there, so no end of the process can make an operation count twice or not at all. With it the clusters, which
 * are stored again once the end of one was told.
 *
 * @param before all operations in earlier generations
 * @param followed how many operations since then the clusters have taken too
 * @param clusters null if they are not known and all that is left has to be followed again
 */
record JournalCheckpoint(
        long generation,
        OperationTotals before,
        long followed,
        @Nullable ClusterMemory clusters) {

    private static final Logger log = LoggerFactory.getLogger(JournalCheckpoint.class);

    /** The one in {@code file}, or null if there is none that can be read. */
    static @Nullable JournalCheckpoint load(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            List<byte[]> lines = lines(Files.readAllBytes(file));
            Map<String, JsonMember> stored = StoredJson.members(lines.get(0));
            Map<String, JsonMember> counts = StoredJson.object(stored, "by_source");
            Map<String, Long> bySource = new LinkedHashMap<>();
            counts.keySet().forEach(source -> bySource.put(source, StoredJson.number(counts, source)));
            boolean withClusters = stored.containsKey("followed");
            return new JournalCheckpoint(
                    StoredJson.number(stored, "generation"),
                    new OperationTotals(
                            StoredJson.number(stored, "successes"), StoredJson.number(stored, "failures"), bySource),
                    withClusters ? StoredJson.number(stored, "followed") : 0,
                    withClusters ? ClusterMemoryJson.parse(lines.subList(1, lines.size())) : null);
        } catch (RuntimeException damaged) {
            log.warn(
                    "The totals cannot be read; only operations that the journal still holds are counted. file={}",
                    file);
            return null;
        }
    }

    /** The same totals with clusters that have taken so many operations more. */
    JournalCheckpoint with(long operations, @Nullable ClusterMemory memory) {
        return new JournalCheckpoint(generation, before, operations, memory);
    }

    /** Replaces what is stored, whole or not at all. */
    void save(Path file, ChannelOpener files) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = files.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, totals());
        if (clusters != null) {
            ClusterMemoryJson.lines(clusters).forEach(line -> write(bytes, line));
        }
        return bytes.toByteArray();
    }

    private String totals() {
        String bySource = before.bySource().entrySet().stream()
                .map(count -> JsonText.quote(count.getKey()) + ":" + count.getValue())
                .collect(Collectors.joining(","));
        return "{\"generation\":" + generation + ",\"successes\":" + before.successes() + ",\"failures\":"
                + before.failures() + ",\"by_source\":{" + bySource + "}"
                + (clusters == null ? "" : ",\"followed\":" + followed) + "}";
    }

    private static void write(ByteArrayOutputStream bytes, String line) {
        bytes.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        bytes.write('\n');
    }

    private static List<byte[]> lines(byte[] stored) {
        List<byte[]> lines = new ArrayList<>();
        for (String line : new String(stored, StandardCharsets.UTF_8).split("\n")) {
            lines.add(line.getBytes(StandardCharsets.UTF_8));
        }
        return lines;
    }
}
