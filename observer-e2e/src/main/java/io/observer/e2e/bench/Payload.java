package io.observer.e2e.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The events of the benchmark: numbered, and as long as those of a real build (a frame of about 350 bytes). */
final class Payload {

    /** The payload's member that numbers the events of a job, from 1. */
    static final String SEQUENCE = "seq";

    static final byte[] EVENT_NAME_BYTES = "observer.file_modified".getBytes(StandardCharsets.US_ASCII);

    private static final String LINE = """
            {"job_id":"%s","sheet_num":1,"event":"observer.file_modified","data":{"seq":%d,\
            "path":"src/main/java/com/example/orders/checkout/PaymentAuthorizationServiceImplementation.java",\
            "size":18234,"owner":"builder"}}
            """;

    private Payload() {}

    /** A job of its own for each run: whatever else a server holds does not mix with it. */
    static String newJob() {
        return "bench-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    }

    /** {@code count} events as NDJSON; one of them is as well a JSON body. */
    static byte[] lines(String job, long first, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(LINE.formatted(job, first + i));
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
