package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server that is asked to end says goodbye")
class ShutdownIT {

    private static final Duration GRACE = Duration.ofSeconds(10);

    @Test
    void twenty_streams_are_told_and_ended_and_the_process_ends_in_time() {
        List<HttpStream> streams = new ArrayList<>();
        try (ObserverServer server = ObserverServer.start();
                HttpConnection publisher = HttpConnection.open(server)) {
            for (int i = 0; i < 20; i++) {
                String path = i % 2 == 0 ? "/v1/events/stream" : "/v1/jobs/build-7/events/stream";
                streams.add(HttpStream.open(server, HttpCall.get(path)));
            }
            HttpAnswer before = publisher.send(HttpCall.publish("{\"event\":\"before\",\"job_id\":\"build-7\"}"));
            assertThat(before.status()).isEqualTo(201);
            streams.forEach(
                    stream -> stream.await("the event", it -> it.events().contains("before")));

            server.askToEnd();
            streams.get(0).await("goodbye", it -> it.events().contains("bridge_stopped"));
            assertIsToldToComeAgain(publisher);

            assertThat(server.endsWithin(GRACE)).isTrue();
            for (HttpStream stream : streams) {
                assertThat(stream.endsCleanly()).as("%s", stream.frames()).isTrue();
                assertThat(stream.events()).containsExactly("hello", "before", "bridge_stopped");
                assertThat(stream.frames("bridge_stopped")).containsExactly("""
                        event: bridge_stopped
                        data: {}
                        """);
            }
            assertEndedWell(server);
        } finally {
            streams.forEach(HttpStream::close);
        }
    }

    /** Of a connection that was open before the end: closed by now says the same as 503. */
    private static void assertIsToldToComeAgain(HttpConnection publisher) {
        try {
            HttpAnswer answer = publisher.send(HttpCall.publish("{\"event\":\"after\"}"));
            assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            assertThat(answer.header("Retry-After")).matches("[0-9]+");
        } catch (UncheckedIOException e) {
            assertThat(e).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void a_reader_that_takes_nothing_does_not_hold_the_end_up() {
        try (ObserverServer server = ObserverServer.start();
                HttpConnection stalled = HttpConnection.open(server)) {
            HttpApi api = new HttpApi(server);
            stalled.sendForHead(HttpCall.get("/v1/events/stream"));
            String line = "{\"event\":\"big\",\"data\":{\"x\":\"" + "x".repeat(100_000) + "\"}}\n";
            for (int i = 0; i < 2; i++) {
                api.publishLines(line.repeat(50));
            }

            server.askToEnd();

            assertThat(server.endsWithin(GRACE)).isTrue();
            assertEndedWell(server);
        }
    }

    /** 143 is what a JVM that was sent SIGTERM ends with. */
    private static void assertEndedWell(ObserverServer server) {
        assertThat(server.exitCode()).isIn(0, 143);
        assertThat(server.stdout() + server.stderr()).doesNotContain("Exception");
    }
}
