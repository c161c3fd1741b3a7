package io.observer.event;

/** Shows a caller's own input inside an error message: shortened, with everything but plain ASCII escaped. */
public final class Echo {

    private static final int MAX_LENGTH = 64;

    private Echo() {}

    /** At most 64 characters that are safe in any log, terminal or page. */
    public static String of(String input) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < input.length(); i++) {
            String next = escaped(input.charAt(i));
            if (shown.length() + next.length() > MAX_LENGTH - 1) {
                return shown.append('…').toString();
            }
            shown.append(next);
        }
        return shown.toString();
    }

    private static String escaped(char c) {
        boolean plain = c >= ' ' && c <= '~' && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'' && c != '\\';
        return plain ? String.valueOf(c) : String.format("\\u%04x", (int) c);
    }
}
