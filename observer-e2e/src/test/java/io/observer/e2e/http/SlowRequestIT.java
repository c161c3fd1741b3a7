package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** All the slow requests run at the same time, because each of them takes the ten seconds it is given. */
@DisplayName("A request that does not come to its end within ten seconds is refused")
@ExtendWith(SharedServer.class)
class SlowRequestIT {

    private static final Map<String, Slow> SLOW = new LinkedHashMap<>();

    private static final ExecutorService EXCHANGES = Executors.newCachedThreadPool();
    private static final ScheduledExecutorService DRIP = Executors.newSingleThreadScheduledExecutor();

    private static ObserverServer server;
    private static HttpApi api;
    private static Witness witness;

    /** A request under way, and what came of it. */
    private record Slow(HttpConnection connection, long begun, CompletableFuture<Outcome> outcome) {}

    private record Outcome(HttpAnswer answer, Duration after) {}

    /** What came of a connection of HTTP/2. */
    private record Http2Slow(String answer, Duration after) {}

    private static CompletableFuture<Http2Slow> http2Head;
    private static CompletableFuture<Http2Slow> http2Body;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        api = new HttpApi(server);
        witness = new Witness(server);

        http2Head = beginHttp2(frame(1, 0, 1, http2PublishHead()));
        http2Body = beginHttp2(frame(1, 4, 1, http2PublishHead()) + frame(0, 0, 1, "{\"ev"));

        begin("a head that stops in the request line", "POST /v1/eve");
        begin("a head that stops in a header", "POST /v1/events HTTP/1.1\r\nHost: local");
        begin("a head without its last line", "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n");
        begin("a head of a stream", "GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n");
        begin("a body that does not begin", publishHead("Content-Length: 13"));
        begin("a body that stops", publishHead("Content-Length: 13") + "{\"event\":\"a\"");
        begin("a body of chunks that stops", publishHead("Transfer-Encoding: chunked") + "d\r\n{\"event\":\"a\"}\r\n");
        begin(
                "a body that stops beside an offer to go on in HTTP/2",
                publishHead(
                                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                                        + "Content-Length: 13")
                        + "{\"ev");
        beginOn(usedConnection(), "a second request that stops", "POST /v1/events HTTP/1.1\r\nHost: local");
        for (String path : List.of("/health", "/v1/events?limit=0")) {
            String first = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            beginBehind("in its line, behind " + path, first + "POST /v1/eve");
            beginBehind("behind its line, behind " + path, first + "POST /v1/events HTTP/1.1\r\n");
            beginBehind("after pieces, behind " + path, first + first.substring(0, 8), first.substring(8) + "GET /");
        }
        String whole = publishHead("Content-Length: 17") + "{\"event\":\"whole\"}";
        beginBehind("in its body, behind a POST", whole + publishHead("Content-Length: 13") + "{\"event");
        witness.lookAgain();
        drip(begin("a head that drips", "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nX-Drip: "));
        drip(begin("a body that drips", publishHead("Content-Length: 1000") + "{\"event\":\"a\",\"data\":{\"x\":\""));

        SLOW.values().forEach(slow -> EXCHANGES.execute(() -> finish(slow)));
    }

    private static String publishHead(String length) {
        return "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + length
                + "\r\n\r\n";
    }

    /** Sends frames and reads until the connection ends, or there is a status in what has come. */
    private static CompletableFuture<Http2Slow> beginHttp2(String frames) {
        String sent = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "") + frames;
        return CompletableFuture.supplyAsync(
                () -> {
                    long begun = System.nanoTime();
                    try (Socket socket = new Socket("127.0.0.1", server.port())) {
                        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                        StringBuilder answer = new StringBuilder();
                        for (int next = 0; next >= 0 && answer.indexOf("\"status\":408") < 0; ) {
                            next = socket.getInputStream().read();
                            answer.append((char) next);
                        }
                        return new Http2Slow(answer.toString(), Duration.ofNanos(System.nanoTime() - begun));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                EXCHANGES);
    }

    private static String frame(int type, int flags, int stream, String payload) {
        char length = (char) payload.length();
        return "\0\0" + length + (char) type + (char) flags + "\0\0\0" + (char) stream + payload;
    }

    /** As HPACK has it: POST, http, and three headers spelled out. */
    private static String http2PublishHead() {
        String host = "127.0.0.1:" + server.port();
        return "\u0083\u0086\4\12/v1/events\1" + (char) host.length() + host + "\17\20\20application/json";
    }

    private static Slow begin(String name, String text) {
        return beginOn(HttpConnection.open(server), name, text);
    }

    private static Slow beginOn(HttpConnection connection, String name, String text) {
        connection.writeText(text);
        Slow slow = new Slow(connection, System.nanoTime(), new CompletableFuture<>());
        SLOW.put(name, slow);
        return slow;
    }

    /** In a packet with requests that are complete, and are answered. */
    private static void beginBehind(String name, String... packets) {
        HttpConnection connection = HttpConnection.open(server);
        for (String packet : packets) {
            connection.writeText(packet);
            connection.read(true);
        }
        beginOn(connection, "a request that stops " + name, "");
    }

    private static HttpConnection usedConnection() {
        HttpConnection connection = HttpConnection.open(server);
        assertThat(connection.send(HttpCall.get("/health")).status()).isEqualTo(200);
        return connection;
    }

    /** A byte now and then, which is what a slow-loris sends. */
    private static void drip(Slow slow) {
        DRIP.scheduleAtFixedRate(() -> slow.connection().writeText("x"), 500, 500, TimeUnit.MILLISECONDS);
    }

    private static void finish(Slow slow) {
        try {
            HttpAnswer answer = slow.connection().read(true);
            slow.outcome().complete(new Outcome(answer, Duration.ofNanos(System.nanoTime() - slow.begun())));
        } catch (RuntimeException e) {
            slow.outcome().completeExceptionally(e);
        }
    }

    @AfterAll
    static void stop() {
        DRIP.shutdownNow();
        SLOW.values().forEach(slow -> slow.connection().close());
        EXCHANGES.shutdownNow();
        witness.close();
    }

    static Stream<String> slow() {
        return SLOW.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slow")
    void is_answered_408_when_its_time_is_over(String name) {
        Outcome outcome = SLOW.get(name).outcome().join();

        HttpAnswer answer = outcome.answer();
        assertThat(answer.status()).as("%s", answer).isEqualTo(408);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt(0)).isEqualTo(408);
        assertThat(problem.path("detail").asString("")).isNotBlank();
        assertThat(outcome.after()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(40));
        witness.assertNothingHappened();
    }

    @Test
    void ends_its_connection_if_it_is_a_head_of_HTTP_2() {
        Http2Slow slow = http2Head.join();

        assertThat(slow.answer()).doesNotContain("status");
        assertThat(slow.after()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
    }

    @Test
    void is_answered_408_if_it_is_a_body_of_HTTP_2() {
        Http2Slow slow = http2Body.join();

        assertThat(slow.answer()).contains("\"status\":408");
        assertThat(slow.after()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
    }

    @Test
    void others_are_served_meanwhile() {
        for (int i = 0; i < 20; i++) {
            assertThat(api.publish("{\"event\":\"meanwhile\"}").get("id").longValue())
                    .isPositive();
        }
        witness.lookAgain();
    }

    @Test
    void a_stream_and_an_idle_connection_are_not_slow_requests() {
        try (HttpStream stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"));
                HttpConnection idle = HttpConnection.open(server)) {
            assertThat(idle.send(HttpCall.get("/health")).status()).isEqualTo(200);
            SLOW.values()
                    .forEach(slow ->
                            slow.outcome().handle((outcome, error) -> outcome).join());

            api.publish("{\"event\":\"still.there\"}");
            stream.await("the event", it -> it.events().contains("still.there"));
            assertThat(idle.send(HttpCall.get("/health")).status()).isEqualTo(200);
        }
        witness.lookAgain();
    }
}
