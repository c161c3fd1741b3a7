package io.observer.operation;

import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import io.observer.log.ChannelOpener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a journal held before one of its generations. Stored when that generation begins; whatever is in it and in later
 * ones counts on from there, so no end of the process can make an operation count twice or not at all.
 */
record JournalTotals(long generation, OperationTotals before) {

    private static final Logger log = LoggerFactory.getLogger(JournalTotals.class);

    /** The totals in {@code file}, or null if there are none that can be read. */
    static @Nullable JournalTotals load(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Map<String, JsonMember> stored = byName(Files.readAllBytes(file));
            Map<String, Long> bySource = new LinkedHashMap<>();
            byName(member(stored, "by_source").json()).forEach((source, count) -> bySource.put(source, number(count)));
            return new JournalTotals(
                    number(member(stored, "generation")),
                    new OperationTotals(
                            number(member(stored, "successes")), number(member(stored, "failures")), bySource));
        } catch (InvalidEventException | IllegalArgumentException damaged) {
            log.warn(
                    "The totals cannot be read; only operations that the journal still holds are counted. file={}",
                    file);
            return null;
        }
    }

    /** Replaces what is stored, whole or not at all. */
    void save(Path file, ChannelOpener files) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = files.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(json().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String json() {
        String bySource = before.bySource().entrySet().stream()
                .map(count -> JsonText.quote(count.getKey()) + ":" + count.getValue())
                .collect(Collectors.joining(","));
        return "{\"generation\":" + generation + ",\"successes\":" + before.successes() + ",\"failures\":"
                + before.failures() + ",\"by_source\":{" + bySource + "}}\n";
    }

    private static Map<String, JsonMember> byName(byte[] json) {
        return JsonText.members(json).stream()
                .collect(Collectors.toMap(JsonMember::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static JsonMember member(Map<String, JsonMember> members, String name) {
        JsonMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return member;
    }

    private static long number(JsonMember member) {
        return Long.parseLong(member.text());
    }
}
