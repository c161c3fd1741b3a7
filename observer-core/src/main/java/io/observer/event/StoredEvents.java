package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads events back from the lines that a log wrote. */
public final class StoredEvents {

    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] JOB = ascii(",\"job_id\":\"");
    private static final byte[] SHEET = ascii("\",\"sheet_num\":");
    private static final byte[] EVENT = ascii(",\"event\":\"");
    private static final byte[] DATA = ascii("\",\"data\":");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");

    private StoredEvents() {}

    /** The event that {@code line} holds, judged by every rule that a published event has to obey; null if it is none. */
    public static @Nullable Event check(byte[] line) {
        if (Utf8.fault(line, 0, line.length) != null) {
            return null;
        }
        try (JsonTokens tokens = new JsonTokens(line)) {
            tokens.parser().nextToken();
            EventParser event = EventParser.ofStored(tokens, Clock.systemUTC());
            EventDraft draft = event.read();
            long id = event.storedId();
            return id >= 1 && tokens.parser().nextToken() == null ? draft.at(id) : null;
        } catch (EventParser.Refused | JacksonException damaged) {
            return null;
        }
    }

    /**
     * The event in a line that this log wrote and that was found whole before: its fields are where the writer put them,
     * so nothing is parsed. Null if they are not.
     *
     * @param to end of the line, its line break left out
     */
    public static @Nullable Event read(byte[] bytes, int from, int to) {
        return read(bytes, from, to, true);
    }

    /**
     * The event that a draft became at position {@code id}, by the draft's members as they were stored; null if they are
     * not what a log stores.
     */
    public static @Nullable Event read(long id, byte[] members) {
        byte[] json = EventDraft.jsonAt(id, members);
        return read(json, 0, json.length, false);
    }

    private static @Nullable Event read(byte[] bytes, int from, int to, boolean shared) {
        int at = after(ID, bytes, from, to);
        int idEnd = endOfDigits(bytes, at, to);
        int job = after(JOB, bytes, idEnd, to);
        int jobEnd = endOfName(bytes, job, to);
        int sheet = after(SHEET, bytes, jobEnd, to);
        int sheetEnd = endOfDigits(bytes, sheet, to);
        int name = after(EVENT, bytes, sheetEnd, to);
        int nameEnd = endOfName(bytes, name, to);
        int data = after(DATA, bytes, nameEnd, to);
        int timestamp = data < 0 ? -1 : lastTimestamp(bytes, data, to);
        if (timestamp < 0) {
            return null;
        }
        try {
            return new Event(
                    Long.parseLong(text(bytes, at, idEnd)),
                    text(bytes, job, jobEnd),
                    Integer.parseInt(text(bytes, sheet, sheetEnd)),
                    text(bytes, name, nameEnd),
                    Double.parseDouble(text(bytes, timestamp, to - 1)),
                    shared ? Arrays.copyOfRange(bytes, from, to) : bytes);
        } catch (NumberFormatException damaged) {
            return null;
        }
    }

    /** Where {@code expected} ends if it stands at {@code at}, else -1. A negative {@code at} stays negative. */
    private static int after(byte[] expected, byte[] bytes, int at, int to) {
        boolean there = at >= 0
                && at + expected.length <= to
                && Arrays.equals(expected, 0, expected.length, bytes, at, at + expected.length);
        return there ? at + expected.length : -1;
    }

    private static int endOfDigits(byte[] bytes, int from, int to) {
        int end = from;
        while (end >= 0 && end < to && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return end;
    }

    /** The log writes names without escapes; a backslash says that somebody else wrote the line. */
    private static int endOfName(byte[] bytes, int from, int to) {
        int end = from;
        while (end >= 0 && end < to && bytes[end] != '"') {
            if (bytes[end] == '\\') {
                return -1;
            }
            end++;
        }
        return end;
    }

    private static int lastTimestamp(byte[] bytes, int from, int to) {
        if (to - from < TIMESTAMP.length || bytes[to - 1] != '}') {
            return -1;
        }
        for (int at = to - TIMESTAMP.length - 1; at >= from; at--) {
            if (bytes[at] == ',' && after(TIMESTAMP, bytes, at, to) > 0) {
                return at + TIMESTAMP.length;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
