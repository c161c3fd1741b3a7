package io.observer.e2e.http;

import static io.observer.e2e.http.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The sizes a publish may have, to the byte on both sides of each limit. */
@DisplayName("A publish is as large as the limits say, and not a byte larger")
@ExtendWith(SharedServer.class)
class BodyLimitsIT {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private static ObserverServer server;
    private static HttpApi api;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        api = new HttpApi(server);
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                accepted("an event of 256 KiB", HttpCall.publish(event(256 * KIB)), 1),
                accepted(
                        "an event of 256 KiB in chunks",
                        HttpCall.publish(event(256 * KIB)).inChunks(),
                        1),
                accepted(
                        "one of 256 KiB with blanks around it",
                        HttpCall.publish(" \r\n" + event(256 * KIB) + "\r\n\t"),
                        1),
                accepted("one of 256 KiB in an array", HttpCall.publish("[\n " + event(256 * KIB) + "\r\n]"), 1),
                accepted(
                        "one of 256 KiB as a line that ends with LF",
                        HttpCall.publishLines(event(256 * KIB) + "\n"),
                        1),
                accepted("one that ends with CR LF", HttpCall.publishLines(event(256 * KIB) + "\r\n"), 1),
                accepted("one with blanks around it", HttpCall.publishLines(" \t" + event(256 * KIB) + " \t\r\n"), 1),
                accepted("an array of 1 MiB", HttpCall.publish(array(MIB)), 5),
                accepted("an array of 10,000 events", HttpCall.publish(emptyEvents(10_000)), 10_000),
                accepted("10,000 lines", HttpCall.publishLines("{\"event\":\"a\"}\n".repeat(10_000)), 10_000),
                accepted("lines of 8 MiB", HttpCall.publishLines(lines(8 * MIB)), 33),
                accepted(
                        "lines of 8 MiB in chunks",
                        HttpCall.publishLines(lines(8 * MIB)).inChunks(),
                        33));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void accepted(HttpCall call, int count) {
        long before = api.lastId();

        HttpAnswer answer = api.call(call);

        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(api.lastId()).isEqualTo(before + count);
    }

    static Stream<Arguments> tooLarge() {
        return Stream.of(
                tooLarge("an event of 256 KiB and a byte", HttpCall.publish(event(256 * KIB + 1))),
                tooLarge(
                        "the same in chunks",
                        HttpCall.publish(event(256 * KIB + 1)).inChunks()),
                tooLarge("the same with blanks around it", HttpCall.publish("\n" + event(256 * KIB + 1) + "\n")),
                tooLarge("an event larger than any array", HttpCall.publish(event(2 * MIB))),
                tooLarge("an event larger than any batch", HttpCall.publish(event(20 * MIB))),
                tooLarge("the same in chunks", HttpCall.publish(event(20 * MIB)).inChunks()),
                tooLarge("an array of 1 MiB and a byte", HttpCall.publish(array(MIB + 1))),
                tooLarge("the same in chunks", HttpCall.publish(array(MIB + 1)).inChunks()),
                tooLarge("an array of 10,001 events", HttpCall.publish(emptyEvents(10_001))),
                tooLarge("10,001 lines", HttpCall.publishLines("{\"event\":\"a\"}\n".repeat(10_001))),
                tooLarge("lines of 8 MiB and a byte", HttpCall.publishLines(lines(8 * MIB + 1))),
                tooLarge(
                        "the same in chunks",
                        HttpCall.publishLines(lines(8 * MIB + 1)).inChunks()),
                tooLarge("lines of 20 MiB", HttpCall.publishLines(lines(20 * MIB))),
                tooLarge("blank lines of 9 MiB", HttpCall.publishLines("\n".repeat(9 * MIB))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tooLarge(HttpCall call) {
        try (Witness witness = new Witness(server)) {
            assertProblem(HttpConnection.exchange(server, call), 413);
            witness.assertNothingHappened();
        }
    }

    @Test
    void a_length_that_is_too_large_is_refused_before_the_body_comes() {
        try (Witness witness = new Witness(server)) {
            HttpCall withoutBody = HttpCall.of("POST", "/v1/events")
                    .header("Content-Type: application/x-ndjson")
                    .header("Content-Length: " + (8 * MIB + 1));

            assertProblem(HttpConnection.exchange(server, withoutBody), 413);
            assertProblem(HttpConnection.exchange(server, withoutBody.header("Expect: 100-continue")), 413);
            witness.assertNothingHappened();
        }
    }

    @Test
    void a_client_that_asks_whether_it_may_send_is_told_to_go_on() {
        long before = api.lastId();

        HttpAnswer answer = api.call(HttpCall.publishLines(lines(2 * MIB)).header("Expect: 100-continue"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(api.lastId()).isGreaterThan(before);
    }

    @Test
    void an_event_that_is_too_large_refuses_its_batch_with_its_line() {
        String small = "{\"event\":\"a\"}";
        String large = event(256 * KIB + 1);
        try (Witness witness = new Witness(server)) {
            assertNamesLine(2, HttpCall.publishLines(small + "\n" + large + "\n" + small + "\n"));
            assertNamesLine(3, HttpCall.publishLines(small + "\r\n\r\n" + large));
            assertNamesLine(1, HttpCall.publishLines(event(2 * MIB)));
            assertNamesLine(1, HttpCall.publishLines(" " + large + "\r\n"));
            assertNamesLine(1, HttpCall.publish("[" + large + "]"));
            assertNamesLine(2, HttpCall.publish("[" + small + "," + large + "]"));
            witness.assertNothingHappened();
        }
    }

    private static void assertNamesLine(int line, HttpCall call) {
        JsonNode problem = assertProblem(HttpConnection.exchange(server, call), 400);
        assertThat(problem.path("errors").path(0).path("line").asInt(0))
                .as("%s", problem)
                .isEqualTo(line);
    }

    private static Arguments accepted(String name, HttpCall call, int count) {
        return Arguments.of(Named.of(name, call), count);
    }

    private static Arguments tooLarge(String name, HttpCall call) {
        return Arguments.of(Named.of(name, call));
    }

    /** One event of exactly so many bytes. */
    private static String event(int size) {
        String around = "{\"event\":\"big\",\"data\":{\"x\":\"\"}}";
        return around.replace("\"\"", "\"" + "x".repeat(size - around.length()) + "\"");
    }

    /** An array of exactly so many bytes, whose events are all within the limit of one event. */
    private static String array(int size) {
        return batch(size, "[", ",", "]");
    }

    /** Lines of exactly so many bytes, whose events are all within the limit of one event. */
    private static String lines(int size) {
        return batch(size, "", "\n", "\n");
    }

    private static String batch(int size, String start, String between, String end) {
        int largest = 255 * KIB;
        StringBuilder batch = new StringBuilder(size).append(start);
        while (size - batch.length() - end.length() > largest + KIB) {
            batch.append(event(largest)).append(between);
        }
        return batch.append(event(size - batch.length() - end.length()))
                .append(end)
                .toString();
    }

    private static String emptyEvents(int count) {
        return "[" + "{\"event\":\"a\"},".repeat(count - 1) + "{\"event\":\"a\"}]";
    }
}
