package io.observer.event;

import java.util.Set;

/** The rules for job names and event names. */
public final class EventNames {

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 128;

    /** The naming rule as a sentence, for error messages. */
    public static final String RULE =
            "must be 1 to 128 characters of A-Z a-z 0-9 . _ - , start with a letter or digit and hold no '..'";

    /** Event names that streams or browsers use themselves. */
    public static final Set<String> RESERVED = Set.of(
            "hello",
            "caught_up",
            "heartbeat",
            "gap",
            "job_finished",
            "source_connected",
            "source_disconnected",
            "bridge_stopped",
            "busy",
            "message",
            "open",
            "error");

    private static final String JOB_FAMILY = "job.";

    private EventNames() {}

    /** Whether {@code name} obeys {@link #RULE}; time linear in its length. */
    public static boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !isLetterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !name.contains("..");
    }

    /** Whether the bytes from {@code from} to {@code to} are a name that {@linkplain #isLegal(String) is legal}. */
    static boolean isLegal(byte[] bytes, int from, int to) {
        if (from == to || to - from > MAX_LENGTH || !isLetterOrDigit((char) bytes[from])) {
            return false;
        }
        for (int at = from + 1; at < to; at++) {
            char c = (char) bytes[at];
            boolean doubleDot = c == '.' && bytes[at - 1] == '.';
            if (doubleDot || (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-')) {
                return false;
            }
        }
        return true;
    }

    /** Whether events of this name may change the state of their job. */
    public static boolean isJobEvent(String event) {
        return event.startsWith(JOB_FAMILY);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
