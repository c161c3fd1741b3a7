package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads events that are plain: ASCII, no escape but the one-letter ones, ordinary numbers, keys by their first names.
 * That is what nearly all publishers send, and it takes a fraction of what a tokenizer needs. It never judges: of
 * anything else it says nothing, and {@link EventParser} decides. One thread.
 */
final class PlainEventScanner {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_KEYS = 24;
    private static final int MAX_INTEGER_DIGITS = 9;
    private static final int MAX_NUMBER_LENGTH = 300;
    private static final int MAX_TIME_LENGTH = 18;
    /** Integers up to here, and these powers of ten, are doubles exactly, so that one division of them rounds correctly. */
    private static final long MAX_EXACT = 1L << 53;

    private static final double[] POWERS = new double[MAX_TIME_LENGTH];

    private static final byte[] JOB_KEY = ascii("\"job_id\":\"");
    private static final byte[] SHEET_KEY = ascii("\",\"sheet_num\":");
    private static final byte[] EVENT_KEY = ascii(",\"event\":\"");
    private static final byte[] DATA_KEY = ascii("\",\"data\":");
    private static final byte[] TIMESTAMP_KEY = ascii(",\"timestamp\":");
    private static final byte[] ZERO = ascii("0");
    private static final byte[] NULL = ascii("null");

    static {
        double power = 1;
        for (int digits = 0; digits < POWERS.length; digits++) {
            POWERS[digits] = power;
            power *= 10;
        }
    }

    /** From where to where a value stands. */
    private static final class Span {
        private int from;
        private int to;
        private boolean found;

        void set(int start, int end) {
            from = start;
            to = end;
            found = true;
        }

        int length() {
            return to - from;
        }
    }

    private final byte[] body;
    private final Clock clock;
    private final Span job = new Span();
    private final Span sheet = new Span();
    private final Span name = new Span();
    private final Span data = new Span();
    private final Span timestamp = new Span();
    private final int[] keysFrom = new int[MAX_KEYS];
    private final int[] keysTo = new int[MAX_KEYS];
    private int keys;
    private boolean blanksInData;
    private int at;
    private int limit;

    /** @param clock dates events which bring no timestamp */
    PlainEventScanner(byte[] body, Clock clock) {
        this.body = body;
        this.clock = clock;
    }

    /**
     * The event that begins at {@code from} and is alone on its line; null if it is not plain, or no event at all.
     *
     * @param to where the body ends
     */
    @Nullable
    EventDraft scan(int from, int to) {
        at = from;
        limit = Math.min(to, from + EventJson.MAX_EVENT_BYTES);
        job.found = false;
        sheet.found = false;
        name.found = false;
        data.found = false;
        timestamp.found = false;
        blanksInData = false;
        if (!skip('{') || !members() || !name.found) {
            return null;
        }
        blanks();
        return at == to || (at < to && body[at] == '\n') ? draft() : null;
    }

    /** Where the line of the event that was scanned last ends: at its line break, or at the end of the body. */
    int lineEnd() {
        return at;
    }

    private boolean members() {
        do {
            blanks();
            int from = at + 1;
            if (!string() || !member(from, at - 1)) {
                return false;
            }
            blanks();
        } while (take(','));
        return take('}');
    }

    private boolean member(int from, int to) {
        if (!skip(':')) {
            return false;
        }
        blanks();
        return switch (to - from) {
            case 4 -> is("data", from) && object(data);
            case 5 -> is("event", from) && word(name) && name.length() > 0;
            case 6 -> is("job_id", from) && word(job);
            case 9 ->
                body[from] == 's' ? is("sheet_num", from) && integer(sheet) : is("timestamp", from) && time(timestamp);
            default -> false;
        };
    }

    private boolean is(String key, int from) {
        for (int n = 0; n < key.length(); n++) {
            if (body[from + n] != key.charAt(n)) {
                return false;
            }
        }
        return true;
    }

    private boolean word(Span into) {
        int from = at + 1;
        boolean once = !into.found;
        if (!string()) {
            return false;
        }
        into.set(from, at - 1);
        return once && (into.length() == 0 || EventNames.isLegal(body, from, at - 1));
    }

    private boolean integer(Span into) {
        int from = at;
        boolean once = !into.found;
        boolean read = digits();
        into.set(from, at);
        return once && read && at - from <= MAX_INTEGER_DIGITS;
    }

    private boolean time(Span into) {
        int from = at;
        boolean once = !into.found;
        boolean read = at < limit && body[at] != '-' && number();
        into.set(from, at);
        return once && read && into.length() <= MAX_TIME_LENGTH;
    }

    private boolean object(Span into) {
        int from = at;
        boolean once = !into.found;
        keys = 0;
        boolean read = at < limit && (body[at] == '{' ? struct(1) : literal("null"));
        into.set(from, at);
        return once && read;
    }

    private boolean value(int depth) {
        if (at >= limit) {
            return false;
        }
        return switch (body[at]) {
            case '"' -> string();
            case '{' -> struct(depth + 1);
            case '[' -> array(depth + 1);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean struct(int depth) {
        at++;
        if (depth > MAX_DEPTH) {
            return false;
        }
        dataBlanks();
        if (take('}')) {
            return true;
        }
        int outer = keys;
        do {
            dataBlanks();
            int from = at + 1;
            if (!string() || !isNewKey(outer, from, at - 1)) {
                return false;
            }
            dataBlanks();
            if (!take(':')) {
                return false;
            }
            dataBlanks();
            if (!value(depth)) {
                return false;
            }
            dataBlanks();
        } while (take(','));
        keys = outer;
        return take('}');
    }

    private boolean array(int depth) {
        at++;
        if (depth > MAX_DEPTH) {
            return false;
        }
        dataBlanks();
        if (take(']')) {
            return true;
        }
        do {
            dataBlanks();
            if (!value(depth)) {
                return false;
            }
            dataBlanks();
        } while (take(','));
        return take(']');
    }

    /** Notes a key of an object and compares it with those before; escapes could make two spellings of one. */
    private boolean isNewKey(int outer, int from, int to) {
        if (keys == MAX_KEYS) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (body[at] == '\\') {
                return false;
            }
        }
        for (int before = outer; before < keys; before++) {
            if (Arrays.equals(body, keysFrom[before], keysTo[before], body, from, to)) {
                return false;
            }
        }
        keysFrom[keys] = from;
        keysTo[keys++] = to;
        return true;
    }

    /** A string of printable ASCII. */
    private boolean string() {
        if (!take('"')) {
            return false;
        }
        while (at < limit) {
            byte b = body[at++];
            if (b == '"') {
                return true;
            }
            if (b < ' ' || (b == '\\' && !escape())) {
                // Bytes of other characters are negative.
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        return at < limit && "\"\\/bfnrt".indexOf(body[at++]) >= 0;
    }

    private boolean literal(String word) {
        if (limit - at < word.length() || !is(word, at)) {
            return false;
        }
        at += word.length();
        return true;
    }

    /** A number without an exponent, short enough to be within the range of a double. */
    private boolean number() {
        take('-');
        int from = at;
        if (!digits()) {
            return false;
        }
        if (take('.')) {
            int fraction = at;
            while (at < limit && isDigit(body[at])) {
                at++;
            }
            if (at == fraction) {
                return false;
            }
        }
        return at - from <= MAX_NUMBER_LENGTH && (at == limit || (body[at] | 0x20) != 'e');
    }

    /** Digits without a leading zero. */
    private boolean digits() {
        int from = at;
        while (at < limit && isDigit(body[at])) {
            at++;
        }
        return at > from && (body[from] != '0' || at == from + 1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private void dataBlanks() {
        int before = at;
        blanks();
        blanksInData |= at > before;
    }

    private void blanks() {
        while (at < limit && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r')) {
            at++;
        }
    }

    private boolean skip(char expected) {
        blanks();
        return take(expected);
    }

    private boolean take(char expected) {
        if (at < limit && body[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private @Nullable EventDraft draft() {
        String eventName = NameCache.get(body, name.from, name.to);
        if (EventNames.RESERVED.contains(eventName)) {
            return null;
        }
        String jobId = job.found ? NameCache.get(body, job.from, job.to) : "";
        byte[] payload = !data.found ? NULL : blanksInData ? ValueCutter.compact(body, data.from, data.to) : null;
        if (timestamp.found) {
            return new EventDraft(
                    jobId,
                    sheetNum(),
                    eventName,
                    seconds(),
                    membersWith(payload, body, timestamp.from, timestamp.length()));
        }
        String now = EventParser.now(clock);
        byte[] time = ascii(now);
        return new EventDraft(
                jobId, sheetNum(), eventName, Double.parseDouble(now), membersWith(payload, time, 0, time.length));
    }

    private int sheetNum() {
        int number = 0;
        for (int digit = sheet.from; sheet.found && digit < sheet.to; digit++) {
            number = number * 10 + body[digit] - '0';
        }
        return number;
    }

    private double seconds() {
        long digits = 0;
        int fraction = 0;
        boolean inFraction = false;
        for (int digit = timestamp.from; digit < timestamp.to; digit++) {
            if (body[digit] == '.') {
                inFraction = true;
            } else {
                digits = digits * 10 + body[digit] - '0';
                fraction += inFraction ? 1 : 0;
            }
        }
        return digits <= MAX_EXACT
                ? digits / POWERS[fraction]
                : Double.parseDouble(new String(body, timestamp.from, timestamp.length(), StandardCharsets.US_ASCII));
    }

    /** @param payload null if it is to be taken as it was sent */
    private byte[] membersWith(byte @Nullable [] payload, byte[] time, int timeFrom, int timeLength) {
        int jobLength = job.found ? job.length() : 0;
        int sheetLength = sheet.found ? sheet.length() : 1;
        int dataLength = payload == null ? data.length() : payload.length;
        Writer out = new Writer(
                new byte
                        [JOB_KEY.length
                                + jobLength
                                + SHEET_KEY.length
                                + sheetLength
                                + EVENT_KEY.length
                                + name.length()
                                + DATA_KEY.length
                                + dataLength
                                + TIMESTAMP_KEY.length
                                + timeLength
                                + 1]);
        out.put(JOB_KEY).put(body, job.from, jobLength).put(SHEET_KEY);
        if (sheet.found) {
            out.put(body, sheet.from, sheetLength);
        } else {
            out.put(ZERO);
        }
        out.put(EVENT_KEY).put(body, name.from, name.length()).put(DATA_KEY);
        if (payload == null) {
            out.put(body, data.from, dataLength);
        } else {
            out.put(payload);
        }
        out.put(TIMESTAMP_KEY).put(time, timeFrom, timeLength);
        out.bytes[out.length] = '}';
        return out.bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Puts bytes one after another. */
    private static final class Writer {

        private final byte[] bytes;
        private int length;

        Writer(byte[] bytes) {
            this.bytes = bytes;
        }

        Writer put(byte[] part) {
            return put(part, 0, part.length);
        }

        Writer put(byte[] source, int from, int count) {
            System.arraycopy(source, from, bytes, length, count);
            length += count;
            return this;
        }
    }
}
