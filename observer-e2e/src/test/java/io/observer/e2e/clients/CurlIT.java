package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseClients;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code curl -N}, over HTTP/1.1 and over HTTP/2 without TLS. */
class CurlIT {

    private static ObserverServer server;
    private static SsePublisher publisher;
    private static String curl;

    @BeforeAll
    static void start() {
        curl = SseClients.need("curl").toString();
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, HTTP/1.1 200", "--http2-prior-knowledge, HTTP/2 200", "--http2, HTTP/2 200"})
    void shows_each_event_as_it_happens_and_ends_with_the_job(String version, String status) {
        String job = "curl" + version;
        try (ClientProcess reader = curl(version, "/v1/jobs/" + job + "/events/stream")) {
            String head = reader.awaitLine(line -> line.startsWith(status));
            assertThat(head).startsWith(status);
            reader.awaitLine(line -> line.equals("event: hello"));

            Published line = publisher.publish(job, 1);
            assertThat(reader.awaitLine(l -> l.startsWith("data: {\"id\""))).isEqualTo("data: " + line.json());

            Published completed = publisher.publish(job, "job.completed", "null");
            assertThat(reader.awaitLine(l -> l.startsWith("data: {\"id\""))).isEqualTo("data: " + completed.json());
            reader.awaitLine(l -> l.equals("event: job_finished"));

            // 18 would be a body that broke off.
            assertThat(reader.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, HTTP/1.1 200", "--http2-prior-knowledge, HTTP/2 200"})
    void resumes_with_a_header(String version, String status) {
        String job = "resumed" + version;
        List<Published> all = publisher.publish(job, 1, 3);
        publisher.publish(job, "job.completed", "null");

        try (ClientProcess reader = curl(
                version,
                "/v1/jobs/" + job + "/events/stream",
                "-H",
                "Last-Event-ID: " + all.get(1).cursor())) {
            reader.awaitLine(line -> line.startsWith(status));
            assertThat(reader.awaitLine(l -> l.startsWith("data: {\"id\"")))
                    .isEqualTo("data: " + all.get(2).json());
            assertThat(reader.exitCode()).isZero();
        }
    }

    private static ClientProcess curl(String version, String stream, String... more) {
        return ClientProcess.start(Stream.concat(
                        Stream.of(curl, "-N", "-sS", "--include", version, server.url() + stream), Arrays.stream(more))
                .toList());
    }
}
