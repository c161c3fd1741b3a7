package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection that asks for nothing for a second, when that is the limit")
class IdleConnectionIT {

    private static final int PATIENCE_MILLIS = 20_000;

    private static ObserverServer server;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.http.idle-timeout=1s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What a connection may have said before it fell silent. */
    private static final List<String> BEFORE = List.of(
            "",
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
                    + "{\"event\":\"a\"}",
            "GET /v1/events HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    @Test
    void is_closed() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (String said : BEFORE) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        for (Socket socket : sockets) {
            readToTheEnd(socket);
            socket.close();
        }
    }

    @Test
    void is_left_alone_while_it_is_a_stream_however_silent() throws IOException {
        try (HttpStream stream = HttpStream.open(server, HttpCall.get("/v1/events/stream?heartbeat=300"))) {
            stream.await("hello", it -> it.events().contains("hello"));
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                other.setSoTimeout(PATIENCE_MILLIS);
                readToTheEnd(other);
            }
            new HttpApi(server).publish("{\"event\":\"still.there\"}");
            stream.await("the event", it -> it.events().contains("still.there"));
            assertThat(stream.events()).startsWith("hello").endsWith("still.there");
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // An end as well.
        }
    }
}
