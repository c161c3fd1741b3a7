package io.observer.e2e.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

@Label("A query is understood, or refused with a reason")
class QueryFuzzIT {

    private static final int EVENTS = 5;

    private static final List<String> NAMES = List.of(
            "since",
            "since",
            "limit",
            "limit",
            "event",
            "event",
            "job",
            "job",
            "last",
            "names",
            "heartbeat",
            "follow",
            "last_event_id",
            "lastEventId",
            "Since",
            "unknown",
            "LIMIT");

    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "5",
            "6",
            "00",
            "007",
            "1000",
            "1001",
            "300",
            "301",
            "-1",
            "+1",
            "1.0",
            "1e2",
            "0x1",
            "١",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "earliest",
            "Earliest",
            "latest",
            "EPOCH-0",
            "EPOCH-2",
            "EPOCH-5",
            "EPOCH-6",
            "EPOCH-9223372036854775807",
            "EPOCH--1",
            "EPOCH-",
            "-5",
            "other-3",
            "a_b-3",
            "EPOCH-2-2",
            "x".repeat(70) + "-1",
            "*",
            "a.*",
            "job.?",
            "a..b",
            "*".repeat(128),
            "*".repeat(129),
            "a,".repeat(15) + "b",
            "a,".repeat(16) + "b",
            ",",
            "a,,b",
            "[a]",
            "{a}",
            "a b",
            "on",
            "off",
            "ON",
            "true",
            "false",
            "TRUE",
            "job-1",
            "job-1,job-2",
            ".",
            "a.",
            "é",
            "a\u2028b",
            "a/b",
            "null",
            "'",
            "<x>");

    private static ObserverServer server;
    private static HttpApi api;
    private static String epoch;

    @BeforeContainer
    static void start() {
        server = ObserverServer.start();
        api = new HttpApi(server);
        for (int n = 1; n <= EVENTS; n++) {
            api.publish("{\"event\":\"a.%d\",\"job_id\":\"job-%d\"}".formatted(n, n % 2));
        }
        epoch = api.json("/health").required("epoch").stringValue();
    }

    @AfterContainer
    static void stop() {
        assertThat(server.stderr()).doesNotContain("\tat ");
        server.close();
    }

    /** Both ways that a request for a page can take answer the same. */
    @Property(tries = 500, seed = "20261121", shrinking = ShrinkingMode.OFF)
    void of_a_page(@ForAll long seed) {
        List<Map.Entry<String, String>> query = query(new Random(seed));
        HttpCall call = HttpCall.get("/v1/events" + text(query));

        HttpAnswer answer = api.call(call);
        HttpAnswer other = api.call(call.header("Accept: application/json;q=0.5"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(QueryModel.isPage(query) ? 200 : 400);
        assertThat(other.status()).as("%s", other).isEqualTo(answer.status());
        assertThat(other.headers()).isEqualTo(answer.headers());
        assertThat(other.text()).isEqualTo(answer.text());
    }

    @Property(tries = 200, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void of_a_stream(@ForAll long seed) {
        List<Map.Entry<String, String>> query = query(new Random(seed));
        try (SseRecorder stream = SseRecorder.open(server, "/v1/events/stream" + text(query))) {
            int status = stream.head().status();
            assertThat(status).as("%s", query).isEqualTo(QueryModel.isStream(query) ? 200 : 400);
            if (status == 200) {
                stream.next("hello");
            }
        }
    }

    /** Never refused: a browser would give up for good. */
    @Property(tries = 200, seed = "20261123", shrinking = ShrinkingMode.OFF)
    void of_a_reader_that_comes_back_is_answered_whatever_its_id(@ForAll long seed) {
        Random random = new Random(seed);
        String id = ascii(random.nextInt(3) > 0 ? value(random) : value(random) + value(random));
        try (SseRecorder stream = SseRecorder.open(server, "/v1/events/stream", "Last-Event-ID: " + id)) {
            assertThat(stream.head().status()).as("%s", id).isEqualTo(200);
            stream.next("hello");
            if (id.isEmpty()) {
                return;
            }
            List<SseFrame> frames = stream.through("caught_up");
            boolean isCursor = QueryModel.isCursor(id);
            boolean isOurs = isCursor && (!id.contains("-") || id.startsWith(epoch + "-"));
            long after = isOurs ? Long.parseLong(id.replaceFirst(".*-", "")) : 0;
            String gap = !isCursor || after > EVENTS ? "unknown" : isOurs ? "" : "epoch";
            assertThat(frames.stream()
                            .filter(frame -> frame.is("gap"))
                            .map(frame -> frame.json().required("reason").stringValue())
                            .collect(Collectors.joining()))
                    .as("%s", id)
                    .isEqualTo(gap);
            assertThat(frames.stream().filter(SseFrame::isEvent).count())
                    .as("%s", id)
                    .isEqualTo(gap.isEmpty() ? EVENTS - after : EVENTS);
        }
    }

    private static List<Map.Entry<String, String>> query(Random random) {
        List<Map.Entry<String, String>> query = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            query.add(Map.entry(NAMES.get(random.nextInt(NAMES.size())), value(random)));
        }
        return query;
    }

    private static String value(Random random) {
        return VALUES.get(random.nextInt(VALUES.size())).replace("EPOCH", epoch);
    }

    private static String text(List<Map.Entry<String, String>> query) {
        return query.stream()
                .map(pair -> pair.getKey() + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
    }

    /** Everything but letters and a few marks percent-encoded, so that each value means itself. */
    private static String encoded(String value) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = Character.isLetterOrDigit(b) || "._*,-".indexOf(b) >= 0;
            encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    private static String ascii(String value) {
        return value.replaceAll("[^ -~]", "?").strip();
    }
}
