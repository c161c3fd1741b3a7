package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayName("A publish gives each event its place in the log and keeps what was sent")
@ExtendWith(SharedServer.class)
class PublishIT {

    private static ObserverServer server;
    private static HttpApi api;

    @BeforeAll
    static void start(ObserverServer shared) {
        server = shared;
        api = new HttpApi(server);
    }

    @Test
    void one_event_is_answered_with_its_id_and_cursor() {
        long before = api.lastId();

        HttpAnswer answer = api.call(HttpCall.publish("""
                {"job_id":"build-7","sheet_num":3,"event":"observer.file_modified","data":{"path":"src/A.java"},"timestamp":1732152419.25}
                """));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        long id = answer.json().get("id").longValue();
        assertThat(id).isGreaterThan(before);
        assertThat(answer.compactText()).isEqualTo("""
                {"id":%d,"cursor":"%s-%d"}""".formatted(id, epoch(), id));
        assertThat(stored(id)).isEqualTo("""
                {"id":%d,"job_id":"build-7","sheet_num":3,"event":"observer.file_modified",\
                "data":{"path":"src/A.java"},"timestamp":1732152419.25}""".formatted(id));
    }

    @Test
    void an_array_is_answered_with_its_count_and_both_ends() {
        HttpAnswer answer = api.call(HttpCall.publish("""
                [{"event":"a.1"}, {"event":"a.2"},
                 {"event":"a.3"}]
                """));

        assertThat(answer.status()).isEqualTo(201);
        assertSeveral(answer, 3);
        assertThat(namesFrom(answer)).containsExactly("a.1", "a.2", "a.3");
    }

    @Test
    void an_array_of_one_is_answered_as_several() {
        assertSeveral(api.call(HttpCall.publish("[{\"event\":\"a\"}]")), 1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            LF                             | {"event":"n.1"}<0A>{"event":"n.2"}<0A>{"event":"n.3"}<0A>
            no line break at the end       | {"event":"n.1"}<0A>{"event":"n.2"}<0A>{"event":"n.3"}
            CR LF                          | {"event":"n.1"}<0D 0A>{"event":"n.2"}<0D 0A>{"event":"n.3"}<0D 0A>
            blank lines here and there     | <0A 0A>{"event":"n.1"}<0A 20 09 0A>{"event":"n.2"}<0D 0A 0D 0A>{"event":"n.3"}<0A 0A>
            blanks around the events       | <20>{"event":"n.1"} <0A>  {"event":"n.2"}<09 0D 0A>{ "event" : "n.3" }<0A>
            """)
    void lines_are_stored_in_their_order(String what, String lines) {
        HttpAnswer answer = api.call(HttpCall.publish("application/x-ndjson", WireBytes.of(lines)));

        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertSeveral(answer, 3);
        assertThat(namesFrom(answer)).containsExactly("n.1", "n.2", "n.3");
    }

    @Test
    void a_single_line_is_answered_as_several() {
        assertSeveral(api.call(HttpCall.publishLines("{\"event\":\"a\"}\n")), 1);
    }

    @Test
    void what_is_not_said_has_its_default() {
        double earliest = Instant.now().toEpochMilli() / 1000.0 - 1;

        JsonNode event = event(publishedId("{\"event\":\"job.started\"}"));

        assertThat(event.propertyNames())
                .containsExactlyInAnyOrder("id", "job_id", "sheet_num", "event", "data", "timestamp");
        assertThat(event.get("job_id").stringValue()).isEmpty();
        assertThat(event.get("sheet_num").intValue()).isZero();
        assertThat(event.get("data").isNull()).isTrue();
        assertThat(event.get("timestamp").doubleValue())
                .isBetween(earliest, Instant.now().toEpochMilli() / 1000.0 + 1);
    }

    @Test
    void kind_and_payload_are_other_names_of_event_and_data() {
        assertThat(stored(publishedId("{\"kind\":\"a.b\",\"payload\":{\"x\":1},\"timestamp\":1}")))
                .contains("\"event\":\"a.b\"", "\"data\":{\"x\":1}")
                .doesNotContain("kind", "payload");
        assertThat(stored(publishedId("{\"kind\":\"a.b\",\"data\":{\"y\":1},\"timestamp\":1}")))
                .contains("\"event\":\"a.b\"", "\"data\":{\"y\":1}");
        assertThat(stored(publishedId("{\"event\":\"a.b\",\"payload\":null,\"timestamp\":1}")))
                .contains("\"event\":\"a.b\"", "\"data\":null");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # what is kept                 | the payload
            nothing                        | null
            an empty object                | {}
            numbers as they were written   | {"a":1.0,"b":1e5,"c":-0,"d":0.10,"e":1E+2,"f":12345678901234567890123,"g":-0.0e-0}
            escapes as they were written   | {"é":"\\u00e9","\\u0041":"\\/","b":"\\t\\n\\"\\\\","c":"/"}
            any character                  | {"x":"größe 日本語 😀 \\uD83D\\uDE00"}
            separators a browser might cut | {"x":"a<E2 80 A8>b<E2 80 A9>c<C2 85>d","y":"\\u2028\\u0085\\r\\n\\u0000"}
            a mark that is no byte order   | {"x":"<EF BB BF>"}
            the last character             | {"x":"<F4 8F BF BF>"}
            DEL, which JSON allows         | {"x":"<7F>"}
            blanks in strings              | {"a  b":"  c   d  "}
            the order of the keys          | {"z":1,"a":{"y":1,"b":[3,2,1]},"m":[]}
            keys that differ in case       | {"a":1,"A":2}
            a key in two objects           | {"a":{"x":1},"b":{"x":2},"c":[{"x":3},{"x":4}]}
            the names of the event's keys  | {"id":1,"event":"x","data":{"data":null},"kind":1}
            markup                         | {"x":"<img src=x onerror=alert(1)> & </script>"}
            frames                         | {"x":"data: x","y":"\\n\\nevent: job.failed\\ndata: {}\\n\\n"}
            """)
    void the_payload_is_kept_as_it_was_written(String what, String payload) {
        String body = new String(WireBytes.of(payload), StandardCharsets.UTF_8);

        long id = publishedId("{\"event\":\"a\",\"data\":" + body + ",\"timestamp\":2.5}");

        assertThat(stored(id)).isEqualTo("""
                {"id":%d,"job_id":"","sheet_num":0,"event":"a","data":%s,"timestamp":2.5}""".formatted(id, body));
    }

    @Test
    void only_white_space_between_tokens_may_go() {
        long id = publishedId("""
                {
                  "event" : "a",
                  "data" : { "a": 1.0, "b":1e5,\t"é":"\\u00e9",
                             "c d" : [ 1 , { } , " x " ] }
                }
                """);

        assertThat(stored(id)).contains("""
                "data":{"a":1.0,"b":1e5,"é":"\\u00e9","c d":[1,{}," x "]}""");
    }

    @Test
    void a_batch_keeps_the_payload_of_each_event() {
        JsonNode answer = api.publishLines("""
                {"event":"a","data":{"n": 1.0}}
                {"event":"a","data":{"n":1e0}}
                {"event":"a","payload":{"n":"\\u0031"}}
                """);

        long first = answer.get("first_id").longValue();
        assertThat(stored(first)).contains("\"data\":{\"n\":1.0}");
        assertThat(stored(first + 1)).contains("\"data\":{\"n\":1e0}");
        assertThat(stored(first + 2)).contains("\"data\":{\"n\":\"\\u0031\"}");
    }

    @ParameterizedTest(name = "timestamp {0}")
    @ValueSource(strings = {"0", "1", "1732152419", "1732152419.25", "1732152419.123456", "4102444800.5"})
    void a_timestamp_is_data_and_says_what_it_said(String timestamp) {
        long id = publishedId("{\"event\":\"a\",\"timestamp\":" + timestamp + "}");

        assertThat(event(id).get("timestamp").doubleValue()).isEqualTo(Double.parseDouble(timestamp));
    }

    @Test
    void ids_follow_the_log_and_never_the_timestamps() {
        long newest = publishedId("{\"event\":\"a\",\"timestamp\":4102444800}");
        long oldest = publishedId("{\"event\":\"a\",\"timestamp\":0}");

        assertThat(oldest).isGreaterThan(newest);
        assertThat(idsSince(newest - 1)).containsExactly(newest, oldest);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"a", "A", "0", "9.9", "a_b-c.d", "job.started", "log.line", "Hello", "hello.world", "a-", "a."})
    void any_dotted_name_is_legal(String name) {
        long id = publishedId("{\"event\":\"" + name + "\",\"job_id\":\"" + name + "\"}");

        assertThat(event(id).get("event").stringValue()).isEqualTo(name);
        assertThat(event(id).get("job_id").stringValue()).isEqualTo(name);
    }

    @Test
    void only_event_names_are_reserved() {
        long id = publishedId("{\"event\":\"a\",\"job_id\":\"heartbeat\"}");

        assertThat(event(id).get("job_id").stringValue()).isEqualTo("heartbeat");
    }

    @Test
    void a_name_may_be_escaped_and_is_stored_plain() {
        long id = publishedId("{\"\\u0065vent\":\"job\\u002estarted\",\"job_id\":\"build\\u002d7\",\"timestamp\":1}");

        assertThat(stored(id)).contains("\"event\":\"job.started\"", "\"job_id\":\"build-7\"");
    }

    @Test
    void one_connection_carries_many_requests_even_all_at_once() {
        try (HttpConnection connection = HttpConnection.open(server)) {
            for (int i = 0; i < 20; i++) {
                connection.write(HttpCall.publish("{\"event\":\"a\"}").inChunks());
                assertThat(connection.read(true).status()).isEqualTo(201);
            }
            String request = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 13\r\n\r\n{\"event\":\"a\"}";
            connection.writeText(request.repeat(20));
            List<Long> ids = IntStream.range(0, 20)
                    .mapToObj(i -> connection.read(true).json().get("id").longValue())
                    .toList();
            assertThat(ids).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void ids_rise_without_a_repeat_whoever_publishes() {
        long before = api.lastId();

        List<CompletableFuture<List<Long>>> publishers = IntStream.range(0, 8)
                .mapToObj(p ->
                        CompletableFuture.supplyAsync(() -> publishInTurn(p, 25), task -> new Thread(task).start()))
                .toList();
        Set<Long> all = new HashSet<>();
        for (CompletableFuture<List<Long>> publisher : publishers) {
            List<Long> ids = publisher.join();
            assertThat(ids)
                    .as("the ids of one publisher that waits for its answers")
                    .isSorted();
            all.addAll(ids);
        }

        assertThat(all).hasSize(8 * 25);
        assertThat(Collections.min(all)).isGreaterThan(before);
        assertThat(idsSince(before))
                .containsExactlyElementsOf(
                        new ArrayList<>(all).stream().sorted().toList());
    }

    private static List<Long> publishInTurn(int publisher, int times) {
        List<Long> ids = new ArrayList<>();
        try (HttpConnection connection = HttpConnection.open(server)) {
            for (int i = 0; i < times; i++) {
                HttpCall call = HttpCall.publish("{\"event\":\"a\",\"data\":{\"p\":" + publisher + "}}");
                ids.add(connection.send(call).json().get("id").longValue());
            }
        }
        return ids;
    }

    @Test
    void what_is_accepted_is_on_the_streams_and_on_the_pages() {
        try (HttpStream stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"))) {
            stream.await("hello", it -> it.events().contains("hello"));

            long id = publishedId("{\"event\":\"seen.at.once\",\"data\":{\"n\": 1.0}}");

            assertThat(stored(id)).contains("\"event\":\"seen.at.once\"");
            stream.await("the event", it -> it.events().contains("seen.at.once"));
            assertThat(stream.frames("seen.at.once"))
                    .singleElement()
                    .asString()
                    .contains("id: " + epoch() + "-" + id)
                    .contains("data: " + stored(id));
        }
    }

    private static void assertSeveral(HttpAnswer answer, int count) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        JsonNode json = answer.json();
        long last = json.path("last_id").longValue();
        assertThat(answer.compactText()).isEqualTo("""
                {"count":%d,"first_id":%d,"last_id":%d,"cursor":"%s-%d"}""".formatted(count, last - count + 1, last, epoch(), last));
    }

    private static String epoch() {
        return api.json("/health").get("epoch").stringValue();
    }

    private static long publishedId(String json) {
        return api.publish(json).get("id").longValue();
    }

    private static List<String> namesFrom(HttpAnswer answer) {
        long first = answer.json().get("first_id").longValue();
        return api.page("since=" + (first - 1))
                .get("events")
                .valueStream()
                .map(event -> event.get("event").stringValue())
                .toList();
    }

    private static List<Long> idsSince(long id) {
        return api.page("limit=1000&since=" + id)
                .get("events")
                .valueStream()
                .map(event -> event.get("id").longValue())
                .toList();
    }

    private static JsonNode event(long id) {
        JsonNode event = api.page("limit=1&since=" + (id - 1)).get("events").get(0);
        assertThat(event.get("id").longValue()).isEqualTo(id);
        return event;
    }

    /** The event as the page shows it, white space between its tokens aside. */
    private static String stored(long id) {
        String page = api.get("/v1/events?limit=1&since=" + (id - 1)).compactText();
        int start = page.indexOf("{\"id\":" + id + ",");
        assertThat(start).as("event %d in %s", id, page).isPositive();
        return page.substring(start, page.indexOf("],\"cursor\"", start));
    }
}
