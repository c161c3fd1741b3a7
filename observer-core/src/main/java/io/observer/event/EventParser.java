package io.observer.event;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one event from a token stream: checks every rule of its shape and cuts its payload from the bytes as sent.
 * One use, one thread.
 */
final class EventParser {

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final JsonTokens tokens;
    private final JsonParser parser;
    private final ValueCutter values;
    private final Clock clock;
    private final boolean stored;

    private long id;
    private @Nullable String jobId;
    private @Nullable Integer sheetNum;
    private @Nullable String name;
    private @Nullable String nameKey;
    private byte @Nullable [] data;
    private @Nullable String dataKey;
    private @Nullable String timestamp;

    /**
     * @param tokens stand on the event's first
     * @param outerDepth how many brackets are open around the event
     */
    EventParser(JsonTokens tokens, Clock clock, int outerDepth) {
        this(tokens, clock, outerDepth, false);
    }

    private EventParser(JsonTokens tokens, Clock clock, int outerDepth, boolean stored) {
        this.tokens = tokens;
        this.parser = tokens.parser();
        this.values = new ValueCutter(tokens, outerDepth);
        this.clock = clock;
        this.stored = stored;
    }

    /** A parser of an event that has its id already. */
    static EventParser ofStored(JsonTokens tokens, Clock clock) {
        return new EventParser(tokens, clock, 0, true);
    }

    /** The id that the event brought; 0 if none. */
    long storedId() {
        return id;
    }

    /** The draft; the parser then stands on the event's closing brace. */
    EventDraft read() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Refused(null, "an event must be a JSON object");
        }
        int start = tokens.start();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            readMember(key);
        }
        // A stored event names all its members, so it may be longer than what was sent.
        if (!stored && tokens.end() - start > EventJson.MAX_EVENT_BYTES) {
            throw new Refused(null, "is too large; one event may have at most 256 KiB");
        }
        return draft();
    }

    private void readMember(String key) {
        switch (key) {
            case "job_id" -> jobId = readJobId();
            case "sheet_num" -> sheetNum = readSheetNum();
            case "event", "kind" -> {
                nameKey = onlyOneOf(nameKey, key);
                name = readName(key);
            }
            case "data", "payload" -> {
                dataKey = onlyOneOf(dataKey, key);
                data = readData(key);
            }
            case "timestamp" -> timestamp = readTimestamp();
            case "id" -> id = readId();
            default ->
                throw new Refused(Echo.of(key), "unknown key; known are job_id, sheet_num, event, data, timestamp");
        }
    }

    private static String onlyOneOf(@Nullable String before, String key) {
        if (before != null) {
            throw new Refused(key, before + " and " + key + " are two names of one thing; send one of them");
        }
        return key;
    }

    private long readId() {
        if (!stored) {
            throw new Refused("id", "ids are given by the log; leave it out");
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getStringLength() > 18) {
            throw new Refused("id", "must be an integer");
        }
        return Long.parseLong(parser.getString());
    }

    private String readJobId() {
        String text = readString("job_id");
        if (!text.isEmpty() && !EventNames.isLegal(text)) {
            throw new Refused(
                    "job_id", "'" + Echo.of(text) + "' is no job name: it " + EventNames.RULE + ", or be empty");
        }
        return text;
    }

    private String readName(String key) {
        String text = readString(key);
        if (!EventNames.isLegal(text)) {
            throw new Refused(key, "'" + Echo.of(text) + "' is no event name: it " + EventNames.RULE);
        }
        if (EventNames.RESERVED.contains(text)) {
            throw new Refused(key, "'" + text + "' is reserved for streams; choose another name");
        }
        return text;
    }

    private String readString(String key) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new Refused(key, "must be a string");
        }
        return parser.getString();
    }

    private int readSheetNum() {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getStringLength() <= 10) {
            long number = Long.parseLong(parser.getString());
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        throw new Refused("sheet_num", "must be an integer from 0 to 2147483647");
    }

    private String readTimestamp() {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw new Refused("timestamp", "must be a number: seconds since 1970-01-01T00:00:00Z");
        }
        values.checkNumber("timestamp");
        return parser.getString();
    }

    private byte[] readData(String key) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return NULL;
        }
        if (token != JsonToken.START_OBJECT) {
            throw new Refused(key, "must be an object or null");
        }
        return values.cut(key);
    }

    private EventDraft draft() {
        if (name == null) {
            throw new Refused("event", "is missing; every event needs a name");
        }
        String job = jobId == null ? "" : jobId;
        int sheet = sheetNum == null ? 0 : sheetNum;
        String time = timestamp == null ? now(clock) : timestamp;
        return EventDraft.of(job, sheet, name, data == null ? NULL : data, time);
    }

    /** The time of {@code clock} as a timestamp, to the microsecond. */
    static String now(Clock clock) {
        Instant now = clock.instant();
        String micros = Integer.toString(1_000_000 + now.getNano() / 1_000);
        return now.getEpochSecond() + "." + micros.substring(1);
    }

    /** One event cannot be accepted. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final @Nullable String field;
        private final String detail;

        Refused(@Nullable String field, String detail) {
            super(detail, null, false, false);
            this.field = field;
            this.detail = detail;
        }

        @Nullable
        String field() {
            return field;
        }

        String detail() {
            return detail;
        }
    }
}
