package io.observer.recorder;

import io.observer.event.Event;
import io.observer.event.EventPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which file events are kept out of rings and timelines. A pattern excludes a path if it matches the path, the path
 * below any directory, or any component of it, with or without a slash behind it; a backslash ends a component too.
 * Immutable.
 */
public final class PathExclusion {

    private static final Set<String> FILE_EVENTS =
            Set.of("observer.file_created", "observer.file_modified", "observer.file_deleted");

    /** @param below the pattern behind any directory */
    private record Rule(FilePattern pattern, FilePattern below) {

        static Rule of(String pattern) {
            return new Rule(new FilePattern(pattern), new FilePattern("*/" + pattern));
        }
    }

    private final List<Rule> rules;

    /** @param ownFile name of the recorder's own file, which is excluded whatever the patterns say */
    public PathExclusion(List<String> patterns, String ownFile) {
        List<Rule> all = new ArrayList<>();
        all.add(Rule.of(ownFile));
        all.add(Rule.of(TimelineFile.temporaryName(ownFile)));
        patterns.forEach(pattern -> all.add(Rule.of(pattern)));
        this.rules = List.copyOf(all);
    }

    /** What {@code event} is about, if it is about a file. */
    static @Nullable String pathOf(Event event) {
        String path = EventPayload.text(event, "path");
        return path == null || path.isEmpty() ? null : path;
    }

    /** Whether {@code event} is kept out; only the three kinds of file events ever are. */
    public boolean excludes(Event event) {
        return excludes(event, pathOf(event));
    }

    /** Whether an event with this path is kept out; only the three kinds of file events ever are. */
    boolean excludes(Event event, @Nullable String path) {
        return path != null && !path.isEmpty() && FILE_EVENTS.contains(event.name()) && excludes(path);
    }

    /** Whether {@code path} is kept out. */
    public boolean excludes(String path) {
        int[] text = path.codePoints().toArray();
        for (Rule rule : rules) {
            if (rule.pattern().matches(text) || rule.below().matches(text) || matchesComponent(rule.pattern(), text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesComponent(FilePattern pattern, int[] text) {
        int from = 0;
        for (int at = 0; at <= text.length; at++) {
            if (at < text.length && text[at] != '/' && text[at] != '\\') {
                continue;
            }
            if (at > from && (pattern.matches(text, from, at) || matchesDirectory(pattern, text, from, at))) {
                return true;
            }
            from = at + 1;
        }
        return false;
    }

    private static boolean matchesDirectory(FilePattern pattern, int[] text, int from, int to) {
        if (to < text.length && text[to] == '/') {
            return pattern.matches(text, from, to + 1);
        }
        int[] directory = new int[to - from + 1];
        System.arraycopy(text, from, directory, 0, to - from);
        directory[to - from] = '/';
        return pattern.matches(directory);
    }
}
