package io.observer.e2e.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.FarMachine;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseClients;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Vitals;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("A reader that is lost to a server which waits two seconds for one")
@Tag("long")
class LostReaderIT {

    private static final String LINE = "{\"line\":\"" + "x".repeat(2_000) + "\"}";

    private static ObserverServer server;
    private static Vitals vitals;

    @BeforeAll
    static void start() {
        server = ObserverServer.start(
                "--host=0.0.0.0", "--observer.security.open=true", "--observer.stream.write-stall=2s");
        vitals = new Vitals(server);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** Nothing tells: no end of the connection comes, and what little is sent fits into the kernel's buffers. */
    @Test
    void because_its_machine_vanished_is_noticed_by_its_heartbeats() {
        String curl = SseClients.need("curl").toString();
        awaitStreams(0);
        long files = vitals.openFiles();
        try (FarMachine machine = FarMachine.connect()) {
            String url = "http://" + machine.address() + ":" + server.port() + "/v1/events/stream?heartbeat=1";
            Process reader = machine.start(curl, "--silent", "--no-buffer", url);
            awaitStreams(1);

            machine.vanish();
            reader.destroyForcibly();

            awaitStreams(0);
            Awaitility.await("its descriptor").until(() -> vitals.openFiles() <= files);
        }
    }

    @Test
    void because_it_takes_a_byte_now_and_then_is_closed_and_nobody_else_notices() throws Exception {
        awaitStreams(0);
        SsePublisher publisher = new SsePublisher(server);
        CountDownLatch over = new CountDownLatch(1);
        try (Socket trickle = new Socket();
                SseRecorder other = SseRecorder.open(server, "/v1/events/stream")) {
            trickle.setReceiveBufferSize(4_096);
            trickle.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            trickle.getOutputStream()
                    .write("GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = trickle.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readNowAndThen(in, over));
            other.next("hello");
            awaitStreams(2);

            for (int batch = 0; batch < 40; batch++) {
                List<Published> published =
                        publisher.publishAll(Collections.nCopies(100, SsePublisher.event("any", "log.line", LINE)));
                assertThat(other.through(published.get(99).id())).hasSize(100).allMatch(frame -> frame.isEvent());
            }

            awaitStreams(1);
            other.expect(publisher.publish("any", 1).frame());
            over.countDown();
            reading.join();
        }
        assertThat(new HttpApi(server).get("/health").status()).isEqualTo(200);
    }

    private static void readNowAndThen(InputStream in, CountDownLatch over) {
        try {
            while (!over.await(200, TimeUnit.MILLISECONDS) && in.read() >= 0) {
                // One byte, and another a while later.
            }
        } catch (IOException closed) {
            // As it should be.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitStreams(int open) {
        Awaitility.await(open + " streams open").until(() -> vitals.metric("observer_streams_open") == open);
    }
}
