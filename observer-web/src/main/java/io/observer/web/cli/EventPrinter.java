package io.observer.web.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints events to standard output: as they came ({@code --json}), or for people, with nothing in it that a terminal
 * would obey.
 *
 * <pre>
 * 10:31:04.250 build-7 observer.file_modified {"path":"src/A.java"}
 * 10:31:05.001 build-7 log.line [INFO] BUILD SUCCESS
 * </pre>
 */
final class EventPrinter {

    private static final double LATEST = 253_402_300_800.0;
    private static final String NO_TIME = "--:--:--.---";

    private final Console console;
    private final boolean json;
    private final DateTimeFormatter clock;

    EventPrinter(Console console, boolean json, ZoneId zone) {
        this.console = console;
        this.json = json;
        this.clock = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
    }

    /** Prints one event, given as its JSON. */
    void print(String event) {
        console.print(json ? event : readable(event));
    }

    private String readable(String json) {
        try {
            JsonObject event = Json.object(json);
            String name = event.text("event");
            List<String> words = new ArrayList<>();
            words.add(time(event));
            words.add(Printable.escape(event.text("job_id")));
            words.add(console.colour() ? EventColour.paint(Printable.escape(name)) : Printable.escape(name));
            words.add(name.equals("log.line") ? logLine(event.json("data")) : Printable.escape(data(event)));
            words.removeIf(String::isEmpty);
            return String.join(" ", words);
        } catch (MalformedJson notEvent) {
            return Printable.escape(json);
        }
    }

    private String time(JsonObject event) {
        double seconds = event.number("timestamp", -LATEST);
        boolean shown = Math.abs(seconds) < LATEST;
        return shown ? clock.format(Instant.ofEpochMilli((long) Math.floor(seconds * 1000))) : NO_TIME;
    }

    private static String data(JsonObject event) {
        String data = event.json("data");
        return data == null ? "" : data;
    }

    /** The line itself, the way the program meant it, but for its colours. */
    private static String logLine(@Nullable String data) {
        if (data == null) {
            return "";
        }
        if (!data.startsWith("{")) {
            return Printable.escape(data);
        }
        JsonObject line = Json.object(data);
        String text = line.has("line") ? Printable.plain(line.text("line")) : Printable.escape(data);
        return "true".equals(line.json("truncated")) ? text + " …" : text;
    }
}
