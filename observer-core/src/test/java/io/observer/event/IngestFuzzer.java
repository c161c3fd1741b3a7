package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * For a coverage-guided run, which looks for bytes that the two ways of reading an event do not agree on: a body that is
 * one event may be scanned, in an array it is always parsed.
 */
public final class IngestFuzzer {

    private static final EventJson JSON = new EventJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));

    private IngestFuzzer() {}

    /** Called over and over; whatever it throws is a find. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<EventDraft> alone = json(input);
        List<EventDraft> parsed = json(inArray(input));
        boolean isArray =
                new String(input, StandardCharsets.ISO_8859_1).stripLeading().startsWith("[");
        if (!isArray && parsed.size() <= 1) {
            expectSame(alone, parsed);
        }
        List<EventDraft> lines = lines(input);
        if (alone.size() == 1 && !isArray && !holds(input, '\n')) {
            expectSame(alone, lines);
        }
        lines.forEach(IngestFuzzer::expectStorable);
        alone.forEach(IngestFuzzer::expectStorable);
    }

    private static List<EventDraft> json(byte[] body) {
        try {
            return JSON.parseJson(body).drafts();
        } catch (InvalidEventException | BodyTooLargeException refused) {
            return List.of();
        }
    }

    private static List<EventDraft> lines(byte[] body) {
        try {
            return JSON.parseLines(body).drafts();
        } catch (InvalidEventException | BodyTooLargeException refused) {
            return List.of();
        }
    }

    private static byte[] inArray(byte[] event) {
        byte[] array = new byte[event.length + 2];
        System.arraycopy(event, 0, array, 1, event.length);
        array[0] = '[';
        array[array.length - 1] = ']';
        return array;
    }

    private static void expectSame(List<EventDraft> some, List<EventDraft> others) {
        List<String> facts = new ArrayList<>();
        some.forEach(draft -> facts.add(factsOf(draft)));
        others.forEach(draft -> facts.remove(factsOf(draft)));
        if (!some.equals(others) || !facts.isEmpty()) {
            throw new AssertionError(some + " and " + others);
        }
    }

    private static String factsOf(EventDraft draft) {
        return draft.jobId() + " " + draft.sheetNum() + " " + draft.name() + " " + draft.timestamp();
    }

    /** One line, and again the same event when it is read back without its id. */
    private static void expectStorable(EventDraft draft) {
        byte[] json = draft.at(1).json();
        for (byte b : json) {
            if (b >= 0 && b < ' ') {
                throw new AssertionError("a control character in " + draft);
            }
        }
        byte[] again = ("{" + draft).getBytes(StandardCharsets.UTF_8);
        expectSame(List.of(draft), json(again));
    }

    private static boolean holds(byte[] bytes, char c) {
        for (byte b : bytes) {
            if (b == c) {
                return true;
            }
        }
        return false;
    }
}
