package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseHttp2Recorder;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseReader;
import io.observer.e2e.kit.SseRecorder;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** SIGTERM ends every stream with a word of farewell. */
class ShutdownIT {

    private static final String ORIGIN = "https://dash.example";

    @Test
    void every_stream_gets_bridge_stopped_and_a_clean_end_and_a_stuck_reader_delays_nothing() {
        HttpClient http2 = SseHttp2Recorder.client();
        try (ObserverServer server = ObserverServer.start("--observer.security.allowed-origins=" + ORIGIN)) {
            SsePublisher publisher = new SsePublisher(server);
            Published past = publisher.publish("build", 1);
            try (SseRecorder global = SseRecorder.open(server, "/v1/events/stream");
                    SseRecorder job = SseRecorder.open(server, "/v1/jobs/build/events/stream");
                    SseRecorder filtered = SseRecorder.open(server, "/v1/events/stream?event=sheet.*");
                    SseRecorder nameless = SseRecorder.open(server, "/v1/events/stream?names=off");
                    SseRecorder replayed = SseRecorder.open(server, "/v1/events/stream?since=0");
                    SseRecorder ofPage = SseRecorder.open(server, "/v1/events/stream", "Origin: " + ORIGIN);
                    SseHttp2Recorder overHttp2 = SseHttp2Recorder.open(http2, server.url(), "/v1/events/stream");
                    SseRecorder stuck = SseRecorder.openSlow(server, "/v1/events/stream")) {
                List<SseReader> readers = List.of(global, job, filtered, nameless, replayed, ofPage, overHttp2);
                readers.forEach(reader -> reader.next("hello"));
                replayed.expect(past.frame());
                replayed.next("caught_up");
                stuck.next("hello");
                publisher.publishAll(Collections.nCopies(
                        400, SsePublisher.event("another", "sheet.started", "{\"x\":\"" + "x".repeat(2_000) + "\"}")));

                server.askToEnd();

                for (SseReader reader : readers) {
                    reader.through("bridge_stopped");
                    reader.expectEnd();
                    assertThat(reader.frames().get(reader.frames().size() - 1).wire())
                            .isEqualTo("""
                                    event: bridge_stopped
                                    data: {}
                                    """);
                }
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close())
                        .isInstanceOf(ConnectException.class);

                // The promise, although one reader takes nothing.
                Awaitility.await("the end of the server")
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> ProcessHandle.of(server.pid()).isEmpty());
            }
        }
    }
}
