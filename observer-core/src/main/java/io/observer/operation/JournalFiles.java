package io.observer.operation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one journal. Its generations are numbered from 1 for ever; the newest has no number in its name.
 *
 * <pre>
 * operations.jsonl.6        read only
 * operations.jsonl.7        read only
 * operations.jsonl          generation 8, written on
 * operations.jsonl.totals   what there was before generation 8, and the clusters
 * operations.jsonl.lock     held by the server that writes
 * </pre>
 */
record JournalFiles(Path active) {

    private static final Pattern GENERATION = Pattern.compile("\\.([1-9][0-9]{0,17})");

    Path totals() {
        return beside(".totals");
    }

    Path lock() {
        return beside(".lock");
    }

    Path earlier(long generation) {
        return beside("." + generation);
    }

    /** The generations that have a number, oldest first. */
    List<Long> earlier() throws IOException {
        String name = name(active);
        try (Stream<Path> all = Files.list(directory())) {
            return all.map(JournalFiles::name)
                    .filter(file -> file.startsWith(name))
                    .map(file -> GENERATION.matcher(file.substring(name.length())))
                    .filter(Matcher::matches)
                    .map(number -> Long.parseLong(number.group(1)))
                    .sorted()
                    .toList();
        }
    }

    /** Where all of them are. */
    Path directory() throws IOException {
        Path parent = active.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("it is no regular file");
        }
        return parent;
    }

    private Path beside(String suffix) {
        return active.resolveSibling(name(active) + suffix);
    }

    private static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
