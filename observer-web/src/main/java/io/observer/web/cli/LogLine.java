package io.observer.web.cli;

import java.nio.charset.StandardCharsets;

/**
 * The data of a {@code log.line}: a line of any program's output as JSON. Bytes that are not UTF-8 become
 * replacement characters, and a line that is too long is cut at a character's boundary and says so.
 */
final class LogLine {

    /** Bytes of UTF-8 that a line may have. */
    static final int LONGEST = 64 << 10;

    /** Bytes of JSON that a line may become; an event may have 256 KiB, and a control character takes six. */
    private static final int LONGEST_JSON = 192 << 10;

    /** Bytes to read of a line: enough for a character that begins within the limit to end. */
    static final int LONGEST_READ = LONGEST + 4;

    private LogLine() {}

    static String data(InputLine line) {
        return "{" + members(line.bytes(), line.isCut()) + "}";
    }

    /**
     * The data of a line that a command wrote.
     *
     * @param stream {@code stdout} or {@code stderr}
     * @param cut whether the line was longer than {@code bytes}
     * @param partial whether the rest of the line had not come yet, and is another {@code log.line}
     */
    static String data(String stream, byte[] bytes, boolean cut, boolean partial) {
        String members = "{\"stream\":\"" + stream + "\"," + members(bytes, cut);
        return partial ? members + ",\"partial\":true}" : members + "}";
    }

    private static String members(byte[] bytes, boolean cut) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = end(text);
        String line = "\"line\":" + Json.quote(text.substring(0, end));
        return end == text.length() && !cut ? line : line + ",\"truncated\":true";
    }

    private static int end(String text) {
        int bytes = 0;
        int json = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            int size = utf8(c);
            bytes += size;
            json += escaped(c, size);
            if (bytes > LONGEST || json > LONGEST_JSON) {
                return end;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static int utf8(int c) {
        if (c < 0x80) {
            return 1;
        }
        if (c < 0x800) {
            return 2;
        }
        return c < 0x10000 ? 3 : 4;
    }

    private static int escaped(int c, int size) {
        if (c < ' ') {
            return 6;
        }
        return c == '"' || c == '\\' ? 2 : size;
    }
}
