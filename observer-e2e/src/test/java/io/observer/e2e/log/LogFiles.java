package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that a log leaves in its data directory, read the way a person with {@code jq} does. */
record LogFiles(Path dataDir) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** The segments, oldest first: their names hold the epoch and, at full length, the first id. */
    List<Path> segments() {
        try (Stream<Path> files = Files.list(dataDir.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path newest() {
        List<Path> segments = segments();
        return segments.get(segments.size() - 1);
    }

    static Path indexOf(Path segment) {
        return segment.resolveSibling(segment.getFileName().toString().replaceFirst("\\.jsonl$", ".idx"));
    }

    /** The lines of one segment, the last of which must be a whole one, without the mark of an append that goes on. */
    static List<String> lines(Path segment) {
        try {
            String text = Files.readString(segment, StandardCharsets.UTF_8);
            assertThat(text.isEmpty() || text.endsWith("\n"))
                    .as("%s ends with a whole line", segment)
                    .isTrue();
            return text.lines().map(String::stripTrailing).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines of all segments. */
    List<String> lines() {
        return segments().stream().flatMap(segment -> lines(segment).stream()).toList();
    }

    /** Those of {@code lines} that are of one job. */
    static List<String> ofJob(String job, List<String> lines) {
        return lines.stream()
                .filter(line -> event(line).required("job_id").stringValue().equals(job))
                .toList();
    }

    static JsonNode event(String line) {
        return JSON.readTree(line);
    }

    static long id(JsonNode event) {
        return event.required("id").longValue();
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
