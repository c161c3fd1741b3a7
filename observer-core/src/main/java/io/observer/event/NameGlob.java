package io.observer.event;

/**
 * A pattern for event names: {@code *} stands for any run of characters, {@code ?} for one, all else for itself. Matching
 * takes one step for each character of the name, whatever the pattern. Immutable; safe to share between threads.
 */
public final class NameGlob {

    private static final int ASCII = 128;

    private final String pattern;
    /** How many characters of a name the pattern names: its length without the stars. */
    private final int length;
    /** For each ASCII character its place in {@link #low} and {@link #high}; 0 for those that the pattern does not have. */
    private final byte[] letters = new byte[ASCII];
    /** For each letter, and at 0 for all others: which of the pattern's first 64 places it fits. */
    private final long[] low;
    /** The same for the next 64 places. */
    private final long[] high;

    /** Before which of the first 64 places a star stands. */
    private final long lowStars;

    private final long highStars;
    private final boolean endsWithStar;

    /** @throws IllegalArgumentException if {@code pattern} has more than 128 characters or one beyond ASCII */
    public NameGlob(String pattern) {
        if (pattern.length() > EventNames.MAX_LENGTH || !pattern.chars().allMatch(c -> c < ASCII)) {
            throw new IllegalArgumentException("a pattern must have at most 128 characters, all of ASCII");
        }
        this.pattern = pattern;
        int known = numberLetters();
        this.low = new long[known];
        this.high = new long[known];
        long[] stars = new long[2];
        int place = 0;
        for (int n = 0; n < pattern.length(); n++) {
            long bit = 1L << place;
            char c = pattern.charAt(n);
            if (c == '*') {
                stars[place / Long.SIZE] |= bit;
            } else {
                fit(c, place++ < Long.SIZE ? low : high, bit);
            }
        }
        this.length = place;
        this.lowStars = stars[0];
        this.highStars = stars[1];
        this.endsWithStar = pattern.endsWith("*");
    }

    private int numberLetters() {
        int known = 1;
        for (int n = 0; n < pattern.length(); n++) {
            char c = pattern.charAt(n);
            if (c != '*' && c != '?' && letters[c] == 0) {
                letters[c] = (byte) known++;
            }
        }
        return known;
    }

    private void fit(char c, long[] places, long bit) {
        for (int letter = 0; letter < places.length; letter++) {
            if (c == '?' || letter == letters[c]) {
                places[letter] |= bit;
            }
        }
    }

    /** Whether the whole of {@code name} matches. */
    public boolean matches(String name) {
        // Each bit is a place of the pattern that the name may have reached; all of them move at once.
        long lowReached = length == 0 ? 0 : 1;
        long highReached = 0;
        boolean atEnd = length == 0;
        for (int n = 0; n < name.length(); n++) {
            char c = name.charAt(n);
            int letter = c < ASCII ? letters[c] : 0;
            long lowFits = lowReached & low[letter];
            long highFits = highReached & high[letter];
            atEnd = (atEnd && endsWithStar) || isLast(lowFits, highFits);
            highReached = (highFits << 1) | (lowFits >>> (Long.SIZE - 1)) | (highReached & highStars);
            lowReached = (lowFits << 1) | (lowReached & lowStars);
            if (!atEnd && (lowReached | highReached) == 0) {
                return false;
            }
        }
        return atEnd;
    }

    private boolean isLast(long lowFits, long highFits) {
        int last = length - 1;
        return last >= 0 && ((last < Long.SIZE ? lowFits >>> last : highFits >>> (last - Long.SIZE)) & 1) == 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NameGlob that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
