package io.observer.event;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Turns request bodies into drafts, and is the only place that does. A body is accepted whole or refused whole with
 * the reasons. Stateless but for its clock; safe to share between threads.
 */
public final class EventJson {

    /** Largest single event, in bytes as sent. */
    public static final int MAX_EVENT_BYTES = 256 * 1024;
    /** Largest JSON array of events, in bytes. */
    public static final int MAX_ARRAY_BYTES = 1024 * 1024;
    /** Largest NDJSON body, in bytes. */
    public static final int MAX_LINES_BYTES = 8 * 1024 * 1024;
    /** Most events in one body. */
    public static final int MAX_EVENTS = 10_000;

    private static final int MAX_ERRORS = 100;

    private final Clock clock;

    /** @param clock the wall clock that dates events which bring no timestamp */
    public EventJson(Clock clock) {
        this.clock = clock;
    }

    /**
     * The drafts of an {@code application/json} body: one object, or an array of objects.
     *
     * @throws InvalidEventException if any event cannot be accepted
     * @throws BodyTooLargeException if the body is over its limit
     */
    public ParsedBody parseJson(byte[] body) {
        int start = afterBlanks(body, 0, body.length);
        boolean array = start < body.length && body[start] == '[';
        if (body.length > MAX_ARRAY_BYTES || (!array && isTooLarge(body, 0, body.length))) {
            throw new BodyTooLargeException(
                    array
                            ? "an array of events may have at most 1 MiB; send NDJSON for more"
                            : "one event may have at most 256 KiB");
        }
        PlainEventScanner plain = new PlainEventScanner(body, clock);
        EventDraft only = array ? null : plain.scan(0, body.length);
        if (only != null && afterBlanks(body, plain.lineEnd(), body.length) == body.length) {
            return new ParsedBody(List.of(only), false);
        }
        List<EventError> errors = new ArrayList<>();
        List<EventDraft> drafts = new ArrayList<>();
        String fault = Utf8.fault(body, 0, body.length);
        if (fault != null) {
            int place = array ? ArrayPlaces.of(body, Utf8.faultyByte(body)) : 1;
            errors.add(new EventError(place, null, "the body " + fault));
        } else {
            parseDocument(body, drafts, errors);
        }
        return new ParsedBody(checked(drafts, errors), array);
    }

    /**
     * The drafts of an {@code application/x-ndjson} body: one event a line, blank lines skipped.
     *
     * @throws InvalidEventException if any line cannot be accepted
     * @throws BodyTooLargeException if the body is over its limits
     */
    public ParsedBody parseLines(byte[] body) {
        if (body.length > MAX_LINES_BYTES) {
            throw new BodyTooLargeException("an NDJSON body may have at most 8 MiB; send several");
        }
        List<EventError> errors = new ArrayList<>();
        List<EventDraft> drafts = new ArrayList<>();
        int line = 0;
        int events = 0;
        PlainEventScanner plain = new PlainEventScanner(body, clock);
        for (int from = 0; from < body.length && errors.size() < MAX_ERRORS; ) {
            line++;
            EventDraft draft = events < MAX_EVENTS ? plain.scan(from, body.length) : null;
            int end = draft == null ? endOfLine(body, from) : plain.lineEnd();
            if (draft != null) {
                events++;
                drafts.add(draft);
            } else if (afterBlanks(body, from, end) < end) {
                if (++events > MAX_EVENTS) {
                    throw new BodyTooLargeException("an NDJSON body may hold at most 10000 events; send several");
                }
                parseLine(body, from, end, line, drafts, errors);
            }
            from = end + 1;
        }
        return new ParsedBody(checked(drafts, errors), true);
    }

    private void parseLine(byte[] body, int from, int end, int line, List<EventDraft> drafts, List<EventError> errors) {
        String fault = isTooLarge(body, from, end)
                ? "is too large; one event may have at most 256 KiB"
                : Utf8.fault(body, from, end - from);
        if (fault != null) {
            errors.add(new EventError(line, null, "the line " + fault));
            return;
        }
        JsonTokens tokens = new JsonTokens(Arrays.copyOfRange(body, from, end));
        try (tokens) {
            tokens.parser().nextToken();
            drafts.add(new EventParser(tokens, clock, 0).read());
            tokens.requireEnd();
        } catch (EventParser.Refused refused) {
            errors.add(new EventError(line, refused.field(), refused.detail()));
        } catch (JacksonException malformed) {
            errors.add(tokens.errorOf(malformed, line));
        }
    }

    private void parseDocument(byte[] body, List<EventDraft> drafts, List<EventError> errors) {
        int place = 1;
        JsonTokens tokens = new JsonTokens(body);
        try (tokens) {
            JsonParser parser = tokens.parser();
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_ARRAY) {
                if (first != null) {
                    parseElement(new EventParser(tokens, clock, 0), parser, 0, place, drafts, errors);
                    tokens.requireEnd();
                }
                return;
            }
            for (; parser.nextToken() != JsonToken.END_ARRAY && errors.size() < MAX_ERRORS; place++) {
                if (place > MAX_EVENTS) {
                    throw new BodyTooLargeException("an array may hold at most 10000 events; send several");
                }
                parseElement(new EventParser(tokens, clock, 1), parser, 1, place, drafts, errors);
            }
            if (errors.size() < MAX_ERRORS) {
                tokens.requireEnd();
            }
        } catch (EventParser.Refused refused) {
            addUnlessRefused(errors, new EventError(place, refused.field(), refused.detail()));
        } catch (JacksonException malformed) {
            addUnlessRefused(errors, tokens.errorOf(malformed, place));
        }
    }

    /** One reason an event: what else breaks while a refused one is passed over may only follow from that. */
    private static void addUnlessRefused(List<EventError> errors, EventError error) {
        if (errors.isEmpty() || errors.get(errors.size() - 1).line() != error.line()) {
            errors.add(error);
        }
    }

    /** Reads one event of a document; a refused one is passed over, so that the next can be judged too. */
    private static void parseElement(
            EventParser event,
            JsonParser parser,
            int depth,
            int place,
            List<EventDraft> drafts,
            List<EventError> errors) {
        try {
            drafts.add(event.read());
        } catch (EventParser.Refused refused) {
            errors.add(new EventError(place, refused.field(), refused.detail()));
            while (parser.streamReadContext().getNestingDepth() > depth) {
                parser.nextToken();
            }
        }
    }

    private static List<EventDraft> checked(List<EventDraft> drafts, List<EventError> errors) {
        if (!errors.isEmpty()) {
            throw new InvalidEventException(errors);
        }
        if (drafts.isEmpty()) {
            throw new InvalidEventException(
                    List.of(new EventError(1, null, "the body holds no event; send at least one")));
        }
        return drafts;
    }

    /** Whether what stands there, the blanks around it aside, is more than one event may be. */
    private static boolean isTooLarge(byte[] body, int from, int to) {
        int start = afterBlanks(body, from, to);
        int end = to;
        while (end > start && isWhitespace(body[end - 1])) {
            end--;
        }
        return end - start > MAX_EVENT_BYTES;
    }

    private static int afterBlanks(byte[] body, int from, int to) {
        int at = from;
        while (at < to && isWhitespace(body[at])) {
            at++;
        }
        return at;
    }

    private static int endOfLine(byte[] body, int from) {
        int end = from;
        while (end < body.length && body[end] != '\n') {
            end++;
        }
        return end;
    }

    static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
