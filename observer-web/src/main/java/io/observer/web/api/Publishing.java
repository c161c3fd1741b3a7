package io.observer.web.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.observer.event.Cursor;
import io.observer.event.EventJson;
import io.observer.event.ParsedBody;
import io.observer.log.Appended;
import io.observer.log.EventLog;
import io.observer.web.http.Json;
import reactor.core.publisher.Mono;

/** A body's way into the log, by whichever route it came. */
public final class Publishing {

    private final EventLog log;
    private final EventJson eventJson;
    private final PublishMetrics metrics;

    /**
     * @param eventJson reads what is published
     * @param registry is told how much that is
     */
    public Publishing(EventLog log, EventJson eventJson, MeterRegistry registry) {
        this.log = log;
        this.eventJson = eventJson;
        this.metrics = new PublishMetrics(registry);
    }

    /** How large a body may be. */
    public static int maxBytes(boolean lines) {
        return lines ? EventJson.MAX_LINES_BYTES : EventJson.MAX_ARRAY_BYTES;
    }

    /**
     * Stores all events of a body, or none and fails.
     *
     * @param lines whether it is NDJSON
     * @return what the publisher is told, as JSON
     */
    public Mono<byte[]> publish(byte[] body, boolean lines) {
        ParsedBody parsed = lines ? eventJson.parseLines(body) : eventJson.parseJson(body);
        return metrics.time(log.append(parsed.drafts()), parsed.drafts().size())
                .map(appended -> parsed.batch() ? several(appended) : single(appended));
    }

    private byte[] single(Appended appended) {
        return Json.object(json -> {
            json.writeNumberProperty("id", appended.lastId());
            json.writeStringProperty("cursor", cursor(appended));
        });
    }

    private byte[] several(Appended appended) {
        return Json.object(json -> {
            json.writeNumberProperty("count", appended.count());
            json.writeNumberProperty("first_id", appended.firstId());
            json.writeNumberProperty("last_id", appended.lastId());
            json.writeStringProperty("cursor", cursor(appended));
        });
    }

    private String cursor(Appended appended) {
        return new Cursor(log.epoch(), appended.lastId()).toString();
    }
}
