package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.Vitals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Requests that follow each other on one connection")
@ExtendWith(SharedServer.class)
class PipeliningIT {

    /** Served on the connection itself. */
    private static final String PLAIN = "";

    /** Nothing wrong with it, but it is left to the framework. */
    private static final String NOT_PLAIN = "Origin: http://localhost\r\n";

    private static final String EVENT = "{\"event\":\"order\"}";

    private static ObserverServer server;

    @BeforeAll
    static void shared(ObserverServer shared) {
        server = shared;
    }

    @Test
    void are_answered_in_their_order_whichever_way_each_of_them_takes() {
        Random random = new Random(7);
        List<String> kinds = new ArrayList<>();
        StringBuilder requests = new StringBuilder();
        for (int n = 0; n < 300; n++) {
            String way = random.nextInt(3) == 0 ? NOT_PLAIN : PLAIN;
            String kind = List.of("publish", "page", "health", "refused").get(random.nextInt(4));
            kinds.add(kind);
            requests.append(
                    switch (kind) {
                        case "publish" -> publish(way, EVENT);
                        case "page" -> get("/v1/events?limit=0", way);
                        case "health" -> get("/health", way);
                        default -> publish(way, "{\"event\":\"no name\"}");
                    });
        }
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText(requests.toString());

            List<Long> ids = new ArrayList<>();
            for (String kind : kinds) {
                HttpAnswer answer = connection.read(true);
                assertThat(kindOf(answer)).as("%s", answer).isEqualTo(kind);
                if (kind.equals("publish")) {
                    ids.add(answer.json().get("id").longValue());
                }
            }
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void may_be_as_many_as_the_client_likes_to_send_at_once() {
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText(get("/v1/events?limit=0", PLAIN).repeat(5_000));

            for (int n = 0; n < 5_000; n++) {
                assertThat(connection.read(true).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void are_answered_as_their_client_takes_the_answers_and_no_sooner() {
        String large = SsePublisher.event("large", "log.line", "{\"line\":\"" + "x".repeat(2_000) + "\"}");
        long first = new SsePublisher(server)
                .publishAll(Collections.nCopies(100, large))
                .get(0)
                .id();
        Vitals vitals = new Vitals(server);
        long before = vitals.residentBytes();
        try (HttpConnection connection = HttpConnection.open(server)) {
            for (int n = 0; n < 3_000; n++) {
                connection.writeText(get("/v1/events?limit=50&since=" + (first + n % 40), PLAIN));
            }

            for (int n = 0; n < 100; n++) {
                HttpAnswer other = HttpConnection.exchange(server, HttpCall.get("/v1/events?limit=0"));
                assertThat(other.status()).isEqualTo(200);
            }
            assertThat(vitals.residentBytes() - before)
                    .as("what 300 MB of answers take while nobody does")
                    .isLessThan(200_000_000);

            for (int n = 0; n < 3_000; n++) {
                assertThat(connection.read(true).text())
                        .startsWith("{\"events\":[{\"id\":" + (first + n % 40 + 1) + ",");
            }
        }
    }

    @Test
    void may_come_a_byte_at_a_time() {
        try (HttpConnection connection = HttpConnection.open(server)) {
            (publish(PLAIN, EVENT) + get("/v1/events?limit=0", PLAIN) + publish(NOT_PLAIN, EVENT))
                    .chars()
                    .forEach(letter -> connection.writeText(Character.toString(letter)));

            assertThat(connection.read(true).status()).isEqualTo(201);
            assertThat(connection.read(true).status()).isEqualTo(200);
            assertThat(connection.read(true).status()).isEqualTo(201);
        }
    }

    @Test
    void keep_their_bodies_whole_however_large() {
        String lines = IntStream.range(0, 9_000)
                .mapToObj(n -> "{\"event\":\"large\",\"data\":{\"x\":\"" + "x".repeat(800) + "\"}}\n")
                .collect(Collectors.joining());
        try (HttpConnection connection = HttpConnection.open(server)) {
            for (String way : List.of(PLAIN, NOT_PLAIN, PLAIN)) {
                connection.writeText(post("application/x-ndjson", way, lines) + get("/v1/events?limit=0", PLAIN));

                HttpAnswer answer = connection.read(true);
                assertThat(answer.status()).as("%s", answer).isEqualTo(201);
                assertThat(answer.json().get("count").intValue()).isEqualTo(9_000);
                assertThat(connection.read(true).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void wait_behind_a_stream_until_it_ends() {
        HttpApi api = new HttpApi(server);
        api.publish("{\"job_id\":\"pipelined\",\"event\":\"job.started\"}");
        try (HttpConnection connection = HttpConnection.open(server)) {
            connection.writeText(get("/v1/jobs/pipelined/events/stream", PLAIN)
                    + get("/v1/events?limit=0", PLAIN)
                    + get("/health", PLAIN));
            api.publish("{\"job_id\":\"pipelined\",\"event\":\"job.completed\"}");

            HttpAnswer stream = connection.read(true);
            assertThat(stream.text()).contains("event: hello\n").contains("event: job_finished\n");
            assertThat(kindOf(connection.read(true))).isEqualTo("page");
            assertThat(kindOf(connection.read(true))).isEqualTo("health");

            connection.writeText(publish(NOT_PLAIN, EVENT) + publish(PLAIN, EVENT));
            assertThat(kindOf(connection.read(true))).isEqualTo("publish");
            assertThat(kindOf(connection.read(true))).isEqualTo("publish");
        }
    }

    private static String kindOf(HttpAnswer answer) {
        return switch (answer.status()) {
            case 201 -> "publish";
            case 400 -> "refused";
            default -> answer.json().has("events") ? "page" : "health";
        };
    }

    private static String publish(String way, String body) {
        return post("application/json", way, body);
    }

    private static String post(String type, String way, String body) {
        return "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n" + way + "\r\n" + body;
    }

    private static String get(String target, String way) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + way + "\r\n";
    }
}
