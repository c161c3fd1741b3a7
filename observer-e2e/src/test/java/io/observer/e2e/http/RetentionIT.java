package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayName("What a log no longer keeps is named, never passed over in silence")
class RetentionIT {

    /** A log of a hundred events to which 150 were published: 1 to 50 are gone. */
    @Nested
    @DisplayName("A log that is full")
    class Full {

        private static ObserverServer server;
        private static HttpApi api;
        private static String epoch;

        @BeforeAll
        static void start() {
            server = ObserverServer.start("--observer.log.max-entries=100");
            api = new HttpApi(server);
            epoch = api.json("/health").get("epoch").stringValue();
            api.publishLines("{\"event\":\"tick\",\"job_id\":\"early\"}\n".repeat(50));
            api.publishLines("{\"event\":\"tick\",\"job_id\":\"build-7\"}\n".repeat(100));
        }

        @AfterAll
        static void stop() {
            server.close();
        }

        @Test
        void keeps_the_newest_and_the_ids_they_had() {
            JsonNode page = api.page("since=earliest&limit=1000");

            assertThat(ids(page))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(51, 150).boxed().toList());
            assertThat(page.get("first_id").longValue()).isEqualTo(51);
            assertThat(page.get("last_id").longValue()).isEqualTo(150);
            assertThat(page.get("gap").isNull()).isTrue();
        }

        @ParameterizedTest(name = "since={0}: {1} to {2} are gone")
        @CsvSource(delimiter = '|', textBlock = """
                1        |  2 | 50
                10       | 11 | 50
                49       | 50 | 50
                EPOCH-1  |  2 | 50
                EPOCH-49 | 50 | 50
                """)
        void names_what_is_gone_after_a_cursor(String since, long from, long to) {
            JsonNode page = api.page("limit=2&since=" + since.replace("EPOCH", epoch));

            JsonNode gap = page.get("gap");
            assertThat(gap.get("reason").stringValue()).isEqualTo("evicted");
            assertThat(gap.get("from").longValue()).isEqualTo(from);
            assertThat(gap.get("to").longValue()).isEqualTo(to);
            assertThat(gap.get("dropped").longValue()).isEqualTo(to - from + 1);
            assertThat(ids(page)).containsExactly(51L, 52L);
        }

        @Test
        void cannot_know_how_many_of_the_events_that_are_gone_would_have_matched() {
            JsonNode gap = api.page("since=10&event=tick").get("gap");

            assertThat(gap.get("reason").stringValue()).isEqualTo("evicted");
            assertThat(gap.get("from").longValue()).isEqualTo(11);
            assertThat(gap.get("to").longValue()).isEqualTo(50);
            assertThat(gap.get("dropped").isNull() || gap.get("dropped").longValue() == 40)
                    .as("%s", gap)
                    .isTrue();
        }

        @ParameterizedTest(name = "since={0}")
        @ValueSource(strings = {"50", "EPOCH-50", "EPOCH-51", "149", "150"})
        void says_nothing_of_a_gap_where_none_is(String since) {
            JsonNode page = api.page("limit=1000&since=" + since.replace("EPOCH", epoch));

            assertThat(page.get("gap").isNull()).isTrue();
            long first = Long.parseLong(since.replace("EPOCH-", "")) + 1;
            assertThat(ids(page))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(first, 150).boxed().toList());
        }

        @Test
        void names_the_gap_on_the_page_of_a_job_and_when_no_event_is_asked_for() {
            assertThat(api.json("/v1/jobs/build-7/events?since=10&limit=1")
                            .path("gap")
                            .path("to")
                            .asLong(0))
                    .isEqualTo(50);
            assertThat(api.page("since=10&limit=0").path("gap").path("to").asLong(0))
                    .isEqualTo(50);
        }

        @Test
        void goes_on_after_the_gap_without_another() {
            JsonNode first = api.page("since=10&limit=30");
            JsonNode second = api.page("limit=1000&since=" + first.get("cursor").stringValue());

            assertThat(second.get("gap").isNull()).isTrue();
            assertThat(ids(second))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(81, 150).boxed().toList());
        }
    }

    /** Time passes by the server's clock: the timestamps of the events say 1970 and 2100. */
    @Test
    @DisplayName("An event is gone when its time to live is over, whatever its timestamp says")
    void an_event_is_gone_when_its_time_is_over() {
        try (ObserverServer server = ObserverServer.start("--observer.log.ttl=1s")) {
            HttpApi api = new HttpApi(server);
            String epoch = api.json("/health").get("epoch").stringValue();
            api.publish("[{\"event\":\"a\",\"timestamp\":0},{\"event\":\"b\",\"timestamp\":4102444800}]");

            Awaitility.await("the log to be empty, with nobody publishing")
                    .until(() -> api.page("").get("events").isEmpty());

            JsonNode page = api.page("since=" + epoch + "-0");
            assertThat(page.get("first_id").isNull()).isTrue();
            assertThat(page.get("last_id").isNull()).isTrue();
            assertThat(page.get("has_more").booleanValue()).isFalse();

            JsonNode behind = api.page("since=" + epoch + "-1");
            assertThat(behind.get("gap").path("reason").asString("")).isEqualTo("evicted");
            assertThat(behind.get("gap").path("to").asLong(0)).isEqualTo(2);
            assertThat(api.page("since=" + epoch + "-2").get("gap").isNull()).isTrue();
            assertThat(api.publish("{\"event\":\"c\"}").get("id").longValue()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("Bounds of nought or less mean the defaults")
    void bounds_of_nought_or_less_mean_the_defaults() {
        try (ObserverServer server = ObserverServer.start("--observer.log.max-entries=0", "--observer.log.ttl=0s")) {
            HttpApi api = new HttpApi(server);

            api.publishLines("{\"event\":\"tick\"}\n".repeat(10_000));
            assertThat(api.page("limit=0").get("first_id").longValue()).isEqualTo(1);
            api.publish("{\"event\":\"tick\"}");

            JsonNode page = api.page("limit=0");
            assertThat(page.get("first_id").longValue()).isEqualTo(2);
            assertThat(page.get("last_id").longValue()).isEqualTo(10_001);
        }
    }

    /** A log that keeps nothing, which is no reason not to number and to stream. */
    @Nested
    @DisplayName("A disabled log")
    class Disabled {

        private static ObserverServer server;
        private static HttpApi api;

        @BeforeAll
        static void start() {
            server = ObserverServer.start("--log", "disabled");
            api = new HttpApi(server);
        }

        @AfterAll
        static void stop() {
            server.close();
        }

        @Test
        void gives_ids_and_streams_and_keeps_nothing() {
            try (HttpStream stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"))) {
                stream.await("hello", it -> it.events().contains("hello"));

                long first = api.publish("{\"event\":\"a\",\"job_id\":\"build-7\"}")
                        .get("id")
                        .longValue();
                JsonNode batch = api.publish("[{\"event\":\"b\"},{\"event\":\"c\"}]");

                assertThat(batch.get("first_id").longValue()).isGreaterThan(first);
                assertThat(batch.get("last_id").longValue())
                        .isEqualTo(batch.get("first_id").longValue() + 1);
                stream.await("the events", it -> it.events().contains("c"));
                assertThat(stream.events()).containsExactly("hello", "a", "b", "c");
            }
            JsonNode page = api.page("");
            assertThat(page.get("events").isEmpty()).isTrue();
            assertThat(page.get("first_id").isNull()).isTrue();
            assertThat(page.get("last_id").isNull()).isTrue();
            assertThat(page.get("has_more").booleanValue()).isFalse();
        }

        @Test
        void says_what_a_reader_from_before_has_missed() {
            long seen = api.publish("{\"event\":\"a\"}").get("id").longValue();
            long missed = api.publish("{\"event\":\"b\"}").get("id").longValue();

            JsonNode gap = api.page("since=" + seen).get("gap");

            assertThat(gap.path("reason").asString("")).isEqualTo("evicted");
            assertThat(gap.path("from").asLong(0)).isEqualTo(missed);
            assertThat(gap.path("to").asLong(0)).isEqualTo(missed);
            assertThat(api.page("since=" + missed).get("gap").isNull()).isTrue();
        }

        @Test
        void is_healthy() {
            JsonNode health = api.json("/health");

            assertThat(health.get("status").stringValue()).isEqualTo("UP");
            assertThat(health.get("backend").stringValue()).isEqualTo("disabled");
            assertThat(health.get("degraded").isEmpty()).isTrue();
        }
    }

    @Test
    @DisplayName("A log that is off or none is a disabled one")
    void off_and_none_mean_disabled() {
        CompletableFuture<ObserverServer> starting =
                CompletableFuture.supplyAsync(() -> ObserverServer.start("--log", "off"));
        try (ObserverServer none = ObserverServer.start("--log", "none");
                ObserverServer off = starting.join()) {
            assertThat(backendOf(none)).isEqualTo("disabled");
            assertThat(backendOf(off)).isEqualTo("disabled");
        }
    }

    private static String backendOf(ObserverServer server) {
        return new HttpApi(server).json("/health").get("backend").stringValue();
    }

    private static List<Long> ids(JsonNode page) {
        return page.get("events")
                .valueStream()
                .map(event -> event.get("id").longValue())
                .toList();
    }
}
