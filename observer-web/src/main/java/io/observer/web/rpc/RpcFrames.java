package io.observer.web.rpc;

import io.netty.buffer.ByteBuf;
import io.observer.event.Cursor;
import io.observer.log.EventLog;
import io.observer.stream.StreamItem;
import io.observer.web.http.GapJson;
import io.observer.web.http.Json;
import io.observer.web.push.PushedStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * A subscription as notifications. What is not an event has the form of one all the same, under a name that no event may
 * have, since there are readers that look at nothing but {@code params}.
 */
final class RpcFrames {

    private static final byte[] EVENT = head("monitor.event");
    private static final byte[] GAP = head("monitor.gap");
    private static final byte[] HELLO = head("monitor.hello");
    private static final byte[] END = {'}', '\n'};

    private final EventLog log;
    private final Clock clock;

    RpcFrames(EventLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** @param greeted whether the reader knows cursors, and so wants to be told where it starts */
    PushedStream.Frames of(boolean greeted) {
        return (item, out) -> write(item, greeted, out);
    }

    private void write(StreamItem item, boolean greeted, ByteBuf out) {
        if (item instanceof StreamItem.Delivered delivered) {
            put(out, EVENT, delivered.event().json());
        } else if (item instanceof StreamItem.Missed missed) {
            put(out, GAP, params("gap", json -> {
                json.writeName("data");
                GapJson.write(json, missed.gap());
            }));
        } else if (item instanceof StreamItem.Hello hello && greeted) {
            put(out, HELLO, params("hello", json -> {
                json.writeObjectPropertyStart("data");
                json.writeStringProperty("cursor", new Cursor(log.epoch(), hello.position()).toString());
                json.writeEndObject();
            }));
        }
    }

    private byte[] params(String name, Consumer<JsonGenerator> data) {
        return Json.object(json -> {
            json.writeStringProperty("job_id", "");
            json.writeNumberProperty("sheet_num", 0);
            json.writeStringProperty("event", name);
            data.accept(json);
            Json.seconds(json, "timestamp", clock.millis() / 1_000.0);
        });
    }

    private static void put(ByteBuf out, byte[] head, byte[] params) {
        out.writeBytes(head).writeBytes(params).writeBytes(END);
    }

    private static byte[] head(String method) {
        return ("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":").getBytes(StandardCharsets.US_ASCII);
    }
}
