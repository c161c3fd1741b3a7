package io.observer.web.cli;

import java.util.regex.Pattern;

/** Makes text of strangers safe for a terminal: no escape sequence, no cursor movement, no reversed writing. */
final class Printable {

    /** Terminal sequences: CSI (colours, movement), OSC (titles, links), and the short ones. */
    private static final Pattern SEQUENCES = Pattern.compile("(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]"
            + "|(?:\u001b\\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\\\|\u009c)"
            + "|\u001b[ -/]*[0-~]");

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Printable() {}

    /** The text with everything that is not printable shown as an escape, so that nothing is hidden. */
    static String escape(String text) {
        if (text.codePoints().allMatch(Printable::isPrintable)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                escaped.appendCodePoint(c);
            } else {
                appendEscape(escaped, c);
            }
        });
        return escaped.toString();
    }

    /** The text with everything that is not printable left out: what a program wrote, without its colours. */
    static String plain(String text) {
        if (text.codePoints().allMatch(Printable::isPrintable)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        SEQUENCES.matcher(text).replaceAll("").codePoints().forEach(c -> {
            if (isPrintable(c) || c == '\t') {
                plain.appendCodePoint(c);
            } else if (Character.isWhitespace(c)) {
                plain.append(' ');
            }
        });
        return plain.toString();
    }

    private static boolean isPrintable(int c) {
        if (c >= ' ' && c <= '~') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            // Writing directions and the like; the joiners are parts of letters and emoji.
            case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
            default -> true;
        };
    }

    private static void appendEscape(StringBuilder escaped, int c) {
        for (char unit : Character.toChars(c)) {
            escaped.append(String.format("\\u%04x", (int) unit));
        }
    }
}
