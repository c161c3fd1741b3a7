package io.observer.event;

/**
 * A pattern for event names: {@code *} stands for any run of characters, {@code ?} for one, all else for itself.
 * Matching never backtracks further than the last {@code *}, so hostile patterns cost no more than pattern × name.
 */
public record NameGlob(String pattern) {

    /** Whether the whole of {@code name} matches. */
    public boolean matches(String name) {
        int p = 0;
        int n = 0;
        int lastStar = -1;
        int retryFrom = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                lastStar = p++;
                retryFrom = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (lastStar >= 0) {
                p = lastStar + 1;
                n = ++retryFrom;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
