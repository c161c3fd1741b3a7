package io.observer.recorder;

/** {@code fnmatch} as its definition reads: by recursion, trying every length that a star could have. */
final class NaiveFnmatch {

    private NaiveFnmatch() {}

    static boolean matches(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        char first = pattern.charAt(0);
        String rest = pattern.substring(1);
        if (first == '*') {
            for (int length = 0; length <= text.length(); length++) {
                if (matches(rest, text.substring(length))) {
                    return true;
                }
            }
            return false;
        }
        if (text.isEmpty()) {
            return false;
        }
        String tail = text.substring(1);
        if (first == '?') {
            return matches(rest, tail);
        }
        int close = first == '[' ? closingBracket(rest) : -1;
        if (close >= 0) {
            return isInSet(rest.substring(0, close), text.charAt(0)) && matches(rest.substring(close + 1), tail);
        }
        if (first == '\\' && !rest.isEmpty()) {
            return text.charAt(0) == rest.charAt(0) && matches(rest.substring(1), tail);
        }
        return text.charAt(0) == first && matches(rest, tail);
    }

    /** Where the set ends whose inside starts {@code text}; -1 if nowhere. */
    private static int closingBracket(String text) {
        int start = text.startsWith("!") ? 1 : 0;
        boolean empty = true;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) == ']' && !empty) {
                return i;
            }
            empty = false;
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
        }
        return -1;
    }

    private static boolean isInSet(String set, char c) {
        boolean negated = set.startsWith("!");
        String left = negated ? set.substring(1) : set;
        boolean found = false;
        while (!left.isEmpty()) {
            int length = left.charAt(0) == '\\' && left.length() > 1 ? 2 : 1;
            char low = left.charAt(length - 1);
            char high = low;
            left = left.substring(length);
            if (left.length() > 1 && left.charAt(0) == '-') {
                length = left.charAt(1) == '\\' && left.length() > 2 ? 3 : 2;
                high = left.charAt(length - 1);
                left = left.substring(length);
            }
            found |= low <= c && c <= high;
        }
        return found != negated;
    }
}
