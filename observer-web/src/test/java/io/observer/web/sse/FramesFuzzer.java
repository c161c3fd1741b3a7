package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.observer.event.BodyTooLargeException;
import io.observer.event.Event;
import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import io.observer.event.InvalidEventException;
import io.observer.log.DisabledEventLog;
import io.observer.stream.StreamItem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** For a coverage-guided run, which looks for an event that readers would see as another frame than its own. */
public final class FramesFuzzer {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final EventJson JSON = new EventJson(CLOCK);
    private static final SseFrames FRAMES =
            new SseFrames(new DisabledEventLog("e", Schedulers.immediate(), 10_000, stored -> {}), "1.0", CLOCK);

    private FramesFuzzer() {}

    /** Called over and over; whatever it throws is a find. */
    public static void fuzzerTestOneInput(byte[] input) {
        for (EventDraft draft : drafts(input)) {
            Event event = draft.at(42);
            expect(frame(event, true), "id: e-42", "event: " + event.name(), "data: " + event.jsonText());
            expect(frame(event, false), "id: e-42", "data: " + event.jsonText());
        }
    }

    private static List<EventDraft> drafts(byte[] input) {
        try {
            return JSON.parseLines(input).drafts();
        } catch (InvalidEventException | BodyTooLargeException refused) {
            return List.of();
        }
    }

    private static String frame(Event event, boolean names) {
        ByteBuf out = Unpooled.buffer();
        try {
            FRAMES.write(new StreamItem.Delivered(event), new SseFormat(names, Duration.ofSeconds(30)), out);
            return out.toString(StandardCharsets.UTF_8);
        } finally {
            out.release();
        }
    }

    /** Read as the standard does: a line ends with LF, CR or both, and an empty one ends the frame. */
    private static void expect(String frame, String... lines) {
        List<String> read = List.of(frame.split("\r\n|\r|\n", -1));
        List<String> expected = new ArrayList<>(List.of(lines));
        expected.add("");
        expected.add("");
        if (!read.equals(expected)) {
            throw new AssertionError(read + " instead of " + expected);
        }
    }
}
