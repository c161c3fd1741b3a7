package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Vitals;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server that takes ten connections")
class ConnectionsIT {

    private static final int MOST = 10;

    private final List<HttpConnection> taken = new ArrayList<>();
    private static ObserverServer server;

    private HttpStream stream;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--observer.http.max-connections=" + MOST);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void takeAll() {
        Awaitility.await("room").until(() -> isServed() && open() == 1);
        stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"));
        while (taken.size() < MOST - 1) {
            HttpConnection next = HttpConnection.open(server);
            assertThat(next.send(HttpCall.get("/health")).status()).isEqualTo(200);
            taken.add(next);
        }
    }

    @AfterEach
    void leave() {
        taken.forEach(HttpConnection::close);
        stream.close();
    }

    @Test
    void tells_one_more_to_come_again_and_serves_those_it_has() {
        HttpAnswer refusal = HttpConnection.exchange(server, HttpCall.publish("{\"event\":\"one.too.many\"}"));

        Problems.assertProblem(refusal, 503);
        assertThat(refusal.header("Retry-After")).isEqualTo("1");
        assertThat(refusal.header("Connection")).isEqualTo("close");
        assertThat(refusal.json().get("detail").stringValue()).contains("observer.http.max-connections");
        assertThatTheOthersAreServed();
    }

    @Test
    void tells_a_browser_that_wants_a_stream_so_in_a_stream_since_it_would_give_up_for_good_otherwise() {
        try (HttpStream busy =
                HttpStream.open(server, HttpCall.get("/v1/events/stream").header("Accept: text/event-stream"))) {
            assertThat(busy.head().status()).isEqualTo(200);
            assertThat(busy.head().header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(busy.endsCleanly()).isTrue();
            assertThat(busy.frames()).singleElement().asString().matches("""
                    retry: 1\\d{4}
                    event: busy
                    data: \\{}
                    """);
        }
        assertThatTheOthersAreServed();
    }

    @Test
    void ends_those_that_come_and_say_nothing() {
        List<HttpConnection> silent = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            silent.add(HttpConnection.open(server));
        }
        try {
            for (HttpConnection connection : silent) {
                assertThat(hasEnded(connection)).isTrue();
            }
        } finally {
            silent.forEach(HttpConnection::close);
        }
        assertThatTheOthersAreServed();
    }

    @Test
    void takes_the_next_as_soon_as_one_has_gone() {
        taken.remove(0).close();

        Awaitility.await("room").until(ConnectionsIT::isServed);
        assertThat(open()).isEqualTo(MOST);
    }

    private void assertThatTheOthersAreServed() {
        for (HttpConnection connection : taken) {
            assertThat(connection.send(HttpCall.publish("{\"event\":\"tick\"}")).status())
                    .isEqualTo(201);
        }
        stream.await("the events", it -> it.events().size() == MOST);
        String metrics = taken.get(0).send(HttpCall.get("/metrics")).text();
        assertThat(metrics)
                .contains("observer_connections_open " + MOST + ".0\n")
                .containsPattern("observer_connections_refused_total [1-9]");
    }

    private static boolean isServed() {
        try {
            return HttpConnection.exchange(server, HttpCall.get("/health")).status() == 200;
        } catch (UncheckedIOException turnedAway) {
            return false;
        }
    }

    private static double open() {
        return new Vitals(server).metric("observer_connections_open");
    }

    private static boolean hasEnded(HttpConnection connection) {
        try {
            connection.read(true);
            return false;
        } catch (UncheckedIOException ended) {
            return String.valueOf(ended.getCause()).contains("closed the connection")
                    || String.valueOf(ended.getCause()).contains("reset");
        }
    }
}
