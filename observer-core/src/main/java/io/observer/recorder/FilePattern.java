package io.observer.recorder;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern in the sense of POSIX {@code fnmatch} without flags: {@code *} stands for any run of characters, slashes
 * included, {@code ?} for one, {@code [a-z_]} for one of a set and {@code [!…]} for one that is not in it; {@code \}
 * takes the next character as it is, {@code ]} is one of a set when it comes first, and a {@code [} that is never closed
 * stands for itself. Upper and lower case differ.
 *
 * <p>Matching never goes back further than the last {@code *}, so it costs at most pattern × text.
 */
final class FilePattern {

    /** What stands for one character, or for any run of them. */
    private sealed interface Part {

        record Literal(int character) implements Part {}

        record AnyOne() implements Part {}

        record AnyRun() implements Part {}

        /** @param ranges first and last character of each range, one after the other */
        record OneOf(List<Integer> ranges, boolean negated) implements Part {

            boolean has(int character) {
                for (int i = 0; i < ranges.size(); i += 2) {
                    if (ranges.get(i) <= character && character <= ranges.get(i + 1)) {
                        return !negated;
                    }
                }
                return negated;
            }
        }
    }

    private final Part[] parts;

    FilePattern(String pattern) {
        this.parts = new Compiler(pattern.codePoints().toArray()).compile();
    }

    /** Whether the whole of {@code text}, in code points, matches. */
    boolean matches(int[] text) {
        return matches(text, 0, text.length);
    }

    /** Whether the whole of {@code text} from {@code from} to {@code to} matches. */
    boolean matches(int[] text, int from, int to) {
        int part = 0;
        int at = from;
        int afterRun = -1;
        int retryFrom = 0;
        while (at < to) {
            if (part < parts.length && parts[part] instanceof Part.AnyRun) {
                afterRun = ++part;
                retryFrom = at;
            } else if (part < parts.length && takes(parts[part], text[at])) {
                part++;
                at++;
            } else if (afterRun >= 0) {
                part = afterRun;
                at = ++retryFrom;
            } else {
                return false;
            }
        }
        while (part < parts.length && parts[part] instanceof Part.AnyRun) {
            part++;
        }
        return part == parts.length;
    }

    private static boolean takes(Part part, int character) {
        if (part instanceof Part.Literal literal) {
            return literal.character() == character;
        }
        return part instanceof Part.OneOf set ? set.has(character) : part instanceof Part.AnyOne;
    }

    /** Reads a pattern from left to right. */
    private static final class Compiler {

        private final int[] pattern;
        private final List<Part> parts = new ArrayList<>();
        private int at;

        Compiler(int[] pattern) {
            this.pattern = pattern;
        }

        Part[] compile() {
            while (at < pattern.length) {
                int character = pattern[at++];
                switch (character) {
                    case '*' -> parts.add(new Part.AnyRun());
                    case '?' -> parts.add(new Part.AnyOne());
                    case '[' -> addSet();
                    case '\\' -> parts.add(new Part.Literal(at < pattern.length ? pattern[at++] : character));
                    default -> parts.add(new Part.Literal(character));
                }
            }
            return parts.toArray(Part[]::new);
        }

        private void addSet() {
            int start = at;
            boolean negated = at < pattern.length && pattern[at] == '!';
            if (negated) {
                at++;
            }
            List<Integer> ranges = new ArrayList<>();
            while (at < pattern.length && (pattern[at] != ']' || ranges.isEmpty())) {
                int first = next();
                boolean range = at + 1 < pattern.length && pattern[at] == '-' && pattern[at + 1] != ']';
                if (range) {
                    at++;
                }
                ranges.add(first);
                ranges.add(range ? next() : first);
            }
            if (at < pattern.length) {
                at++;
                parts.add(new Part.OneOf(List.copyOf(ranges), negated));
            } else {
                at = start;
                parts.add(new Part.Literal('['));
            }
        }

        private int next() {
            boolean escaped = pattern[at] == '\\' && at + 1 < pattern.length;
            at += escaped ? 2 : 1;
            return pattern[at - 1];
        }
    }
}
