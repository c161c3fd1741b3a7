package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.observer.event.Event;
import io.observer.log.EventLog;
import io.observer.stream.StreamItem;
import io.observer.web.http.GapJson;
import io.observer.web.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Stream items as SSE frames: LF line ends, one {@code data:} line each. Names and JSON hold no line break by then. */
final class SseFrames {

    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("\nevent: ");
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] END = ascii("\n\n");

    private final EventLog log;
    private final String version;
    private final Clock clock;
    private final FrameCache named = new FrameCache(this::namedFrame);

    SseFrames(EventLog log, String version, Clock clock) {
        this.log = log;
        this.version = version;
        this.clock = clock;
    }

    /** Appends the frame of {@code item} to {@code out}. */
    void write(StreamItem item, SseFormat format, ByteBuf out) {
        if (item instanceof StreamItem.Delivered delivered) {
            writeEvent(delivered.event(), format, out);
        } else if (item instanceof StreamItem.Hello hello) {
            put(out, ascii("retry: " + ThreadLocalRandom.current().nextInt(2_000, 4_001) + "\n"));
            writeControl("hello", hello, out, json -> {
                json.writeStringProperty("cursor", cursor(hello.position()));
                json.writeStringProperty("epoch", log.epoch());
                json.writeNumberProperty("heartbeat_seconds", format.heartbeat().toSeconds());
                json.writeStringProperty("durability", log.durability());
                json.writeStringProperty("version", version);
            });
        } else if (item instanceof StreamItem.CaughtUp caughtUp) {
            writeControl(
                    "caught_up",
                    caughtUp,
                    out,
                    json -> json.writeStringProperty("cursor", cursor(caughtUp.position())));
        } else if (item instanceof StreamItem.Heartbeat heartbeat) {
            writeControl("heartbeat", heartbeat, out, json -> {
                Json.seconds(json, "timestamp", clock.millis() / 1_000.0);
                json.writeStringProperty("cursor", cursor(heartbeat.position()));
                json.writeNumberProperty("dropped", heartbeat.dropped());
            });
        } else if (item instanceof StreamItem.Missed missed) {
            put(out, ID, ascii(cursor(missed.position())), EVENT, ascii("gap"), DATA);
            put(out, Json.write(json -> GapJson.write(json, missed.gap())), END);
        } else if (item instanceof StreamItem.JobFinished finished) {
            writeControl("job_finished", finished, out, json -> {
                json.writeStringProperty("job_id", finished.jobId());
                json.writeStringProperty("final_status", finished.state().wireName());
            });
        } else if (item instanceof StreamItem.SourceDisconnected away) {
            writeSource("source_disconnected", away.source(), away.retryInSeconds(), out);
        } else if (item instanceof StreamItem.SourceConnected back) {
            writeSource("source_connected", back.source(), 0, out);
        } else if (item instanceof StreamItem.Stopped) {
            put(out, ascii("event: bridge_stopped\ndata: {}\n\n"));
        }
    }

    /** The whole body for a client that finds no room: come back later, and not all at once. */
    static byte[] busy() {
        return ascii("retry: " + ThreadLocalRandom.current().nextInt(10_000, 20_001) + "\nevent: busy\ndata: {}\n\n");
    }

    private void writeEvent(Event event, SseFormat format, ByteBuf out) {
        if (format.names()) {
            out.writeBytes(named.of(event));
        } else {
            put(out, ID, ascii(cursor(event.id())), DATA, event.json(), END);
        }
    }

    private void writeControl(String name, StreamItem item, ByteBuf out, Consumer<JsonGenerator> data) {
        put(out, ID, ascii(cursor(item.position())), EVENT, ascii(name), DATA, Json.object(data), END);
    }

    /** Without an id: it says nothing about events. */
    private static void writeSource(String name, String source, long retryInSeconds, ByteBuf out) {
        put(out, ascii("event: " + name), DATA);
        put(out, Json.object(json -> {
            json.writeStringProperty("source", source);
            json.writeNumberProperty("retry_in_seconds", retryInSeconds);
        }));
        put(out, END);
    }

    private byte[] namedFrame(Event event) {
        byte[] head = ascii("id: " + cursor(event.id()) + "\nevent: " + event.name() + "\ndata: ");
        byte[] frame = Arrays.copyOf(head, head.length + event.json().length + END.length);
        System.arraycopy(event.json(), 0, frame, head.length, event.json().length);
        System.arraycopy(END, 0, frame, frame.length - END.length, END.length);
        return frame;
    }

    private String cursor(long position) {
        return log.epoch() + "-" + position;
    }

    private static void put(ByteBuf out, byte[]... parts) {
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
