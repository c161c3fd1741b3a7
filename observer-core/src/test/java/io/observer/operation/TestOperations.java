package io.observer.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.observer.event.TestEvents;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

/** Sample operations, made the way real ones are. */
final class TestOperations {

    /** A morning on which everything happens. */
    static final Instant START = Instant.parse("2026-11-21T06:00:00Z");

    private static final OperationJson JSON = new OperationJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));

    private TestOperations() {}

    static ObservedOp op(String json) {
        return JSON.parse(json.getBytes(UTF_8));
    }

    /** A search that went well. */
    static ObservedOp success(int number) {
        return op("""
                {"timestamp": "%s", "endpoint": "/v1/search", "success": true, "number": %d}""".formatted(START.plusSeconds(number), number));
    }

    static List<ObservedOp> successes(int count) {
        return IntStream.range(0, count).mapToObj(TestOperations::success).toList();
    }

    /** A search that failed so many seconds after the start. */
    static ObservedOp failure(int second) {
        return failure("/v1/search", second, "timeout after 30s");
    }

    static ObservedOp failure(String endpoint, int second, String error) {
        return op("""
                {"timestamp": "%s", "endpoint": "%s", "success": false, "event_kind": "search.query", "error": "%s"}""".formatted(START.plusSeconds(second), endpoint, error));
    }

    static ObservedOp from(String source, boolean success) {
        return op("""
                {"timestamp": "%s", "source": "%s", "endpoint": "/v1/search", "success": %b}""".formatted(START, source, success));
    }
}
