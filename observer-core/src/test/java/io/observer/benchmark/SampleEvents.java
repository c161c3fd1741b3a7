package io.observer.benchmark;

import io.observer.event.EventDraft;
import io.observer.event.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** Events as a build sends them, of about 300 bytes. */
final class SampleEvents {

    private static final String EVENT = """
            {"job_id":"build-%d","sheet_num":3,"event":"observer.file_modified","data":{"seq":%d,\
            "path":"src/main/java/com/example/orders/checkout/PaymentAuthorizationServiceImplementation.java",\
            "size":18234,"owner":"builder"},"timestamp":1732152419.250000}
            """;

    private SampleEvents() {}

    /** So many events as NDJSON, of ten jobs in turn. */
    static byte[] lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(EVENT.formatted(i % 10, i));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    static List<EventDraft> drafts(int count) {
        return new EventJson(Clock.systemUTC()).parseLines(lines(count)).drafts();
    }
}
