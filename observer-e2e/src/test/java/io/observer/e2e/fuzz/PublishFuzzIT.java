package io.observer.e2e.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.fuzz.PublishModel.Stored;
import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A body that comes out otherwise than the model says is left in {@code target/fuzz}; with its fault mended it belongs
 * among the resources under {@code fuzz}, where {@link #what_was_found_before} finds it.
 */
@Label("A publish is refused, or stored and streamed as it was sent")
class PublishFuzzIT {

    private static final Path FOUND = Path.of("target", "fuzz");
    private static final String[] ACCEPTS = {"*/*", "application/json;q=0.5"};

    private static ObserverServer server;
    private static HttpApi api;
    private static SseRecorder stream;
    private static String epoch;
    private static long last;
    private static int accepted;
    private static int refused;

    @BeforeContainer
    static void start() {
        server = ObserverServer.start();
        api = new HttpApi(server);
        epoch = api.json("/health").required("epoch").stringValue();
        stream = SseRecorder.open(server, "/v1/events/stream?heartbeat=300");
        stream.next("hello");
    }

    @AfterContainer
    static void stop() {
        assertThat(server.stderr()).doesNotContain("\tat ");
        assertThat(List.of(accepted, refused)).as("bodies of both kinds").allMatch(count -> count > 200);
        stream.close();
        server.close();
    }

    @Property(tries = 600, seed = "20261121", shrinking = ShrinkingMode.OFF)
    void always(@ForAll long seed, @ForAll boolean lines) throws IOException {
        check(new Bodies(seed).next(lines), lines);
    }

    @Tag("long")
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void with_other_bodies_each_time(@ForAll long seed, @ForAll boolean lines) throws IOException {
        check(new Bodies(seed).next(lines), lines);
    }

    @Example
    void what_was_found_before() throws IOException {
        List<Path> cases;
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "fuzz"))) {
            cases = files.sorted().toList();
        }
        assertThat(cases).isNotEmpty();
        for (Path found : cases) {
            check(Files.readAllBytes(found), found.toString().endsWith(".ndjson"));
        }
    }

    /** By both ways that a publish can take: the short one, and the one for requests that are not plain. */
    private static void check(byte[] body, boolean lines) throws IOException {
        try {
            for (String accept : ACCEPTS) {
                publish(body, lines, accept);
            }
        } catch (AssertionError wrong) {
            String name = "%08x.%s".formatted(Arrays.hashCode(body), lines ? "ndjson" : "json");
            Files.write(Files.createDirectories(FOUND).resolve(name), body);
            throw new AssertionError("see " + FOUND.resolve(name) + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void publish(byte[] body, boolean lines, String accept) {
        List<Stored> expected = PublishModel.judge(body, lines);
        String type = lines ? "application/x-ndjson" : "application/json";
        HttpAnswer answer = api.call(HttpCall.publish(type, body).header("Accept: " + accept));
        if (expected.isEmpty()) {
            assertThat(answer.status()).as("%s", answer).isEqualTo(400);
            assertThat(answer.json().required("errors").size()).isPositive();
            refused++;
            return;
        }
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(answer.json().required("cursor").stringValue()).isEqualTo(epoch + "-" + (last + expected.size()));
        accepted++;
        List<String> streamed = new ArrayList<>();
        for (Stored event : expected) {
            SseFrame frame = stream.next(event.name());
            last++;
            assertThat(frame.id()).isEqualTo(epoch + "-" + last);
            assertThat(frame.data()).matches(event.pattern(last));
            streamed.add(frame.data());
        }
        String page = api.get("/v1/events?since=" + (last - expected.size())).text();
        assertThat(page).startsWith("{\"events\":" + streamed.stream().collect(Collectors.joining(",", "[", "]")));
    }
}
