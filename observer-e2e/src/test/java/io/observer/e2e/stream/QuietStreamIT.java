package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseHttp2Recorder;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseReader;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Vitals;
import io.observer.e2e.run.RpcClient;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server that closes a reader which takes nothing for a second")
class QuietStreamIT {

    private static final String ORIGIN = "https://dash.example";
    private static final String QUIET = "/v1/events/stream?heartbeat=300";

    @TempDir
    private static Path directory;

    private static ObserverServer server;

    @BeforeAll
    static void start() {
        server = ObserverServer.start(
                "--observer.stream.write-stall=1s",
                "--observer.security.allowed-origins=" + ORIGIN,
                "--rpc-socket",
                socket().toString());
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void keeps_those_to_whom_it_has_nothing_to_say_and_still_tells_them_what_comes() {
        try (SseRecorder plain = SseRecorder.open(server, QUIET);
                SseRecorder ofPage = SseRecorder.open(server, QUIET, "Origin: " + ORIGIN);
                SseHttp2Recorder overHttp2 = SseHttp2Recorder.open(SseHttp2Recorder.client(), server.url(), QUIET);
                RpcClient subscribed = RpcClient.subscribed(socket());
                SseRecorder clock = SseRecorder.open(server, "/v1/events/stream?heartbeat=1")) {
            for (SseReader reader : List.of(plain, ofPage, overHttp2, clock)) {
                reader.next("hello");
            }

            for (int second = 0; second < 4; second++) {
                clock.next("heartbeat");
            }

            Published next = new SsePublisher(server).publish("any", 1);
            for (SseReader reader : List.of(plain, ofPage, overHttp2)) {
                reader.expect(next.frame());
            }
            assertThat(subscribed.hear()).contains(next.json());
        }
    }

    @Test
    void closes_those_that_stop_whatever_they_speak() {
        awaitStreams(0);
        try (SseRecorder plain = SseRecorder.openSlow(server, QUIET);
                SseRecorder ofPage = SseRecorder.openSlow(server, QUIET, "Origin: " + ORIGIN);
                SseHttp2Recorder overHttp2 = SseHttp2Recorder.open(SseHttp2Recorder.client(), server.url(), QUIET);
                RpcClient subscribed = RpcClient.subscribed(socket());
                SseRecorder other = SseRecorder.open(server, QUIET)) {
            for (SseReader reader : List.of(plain, ofPage, overHttp2, other)) {
                reader.next("hello");
            }
            overHttp2.pause();
            awaitStreams(5);

            SsePublisher publisher = new SsePublisher(server);
            String line = SsePublisher.event("any", "log.line", "{\"line\":\"" + "x".repeat(2_000) + "\"}");
            for (int batch = 0; batch < 30; batch++) {
                long last = publisher
                        .publishAll(Collections.nCopies(50, line))
                        .get(49)
                        .id();
                assertThat(other.through(last)).hasSize(50).allMatch(SseFrame::isEvent);
            }

            awaitStreams(1);
            other.expect(publisher.publish("any", 1).frame());
        }
    }

    private static void awaitStreams(int open) {
        Vitals vitals = new Vitals(server);
        Awaitility.await(open + " streams open").until(() -> vitals.metric("observer_streams_open") == open);
    }

    private static Path socket() {
        return directory.resolve("rpc.sock");
    }
}
