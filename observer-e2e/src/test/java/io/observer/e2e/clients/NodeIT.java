package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.NodeProject;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseProxy;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The npm package {@code eventsource} on Node. */
class NodeIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static NodeProject project;
    private static ObserverServer server;
    private static SsePublisher publisher;

    @BeforeAll
    static void start() {
        project = NodeProject.install();
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void resumes_after_a_cut_without_losing_or_doubling_an_event_and_stops_at_the_end_of_the_job() {
        try (SseProxy proxy = SseProxy.before(server);
                ClientProcess reader = ClientProcess.start(project.command(
                        "reader.mjs",
                        proxy.url() + "/v1/jobs/cut/events/stream",
                        "hello",
                        "gap",
                        "log.line",
                        "job.completed",
                        "job_finished"))) {
            reader.awaitLine(frame("hello"));
            List<Published> all = new ArrayList<>(publisher.publish("cut", 1, 20));
            reader.awaitLine(line -> line.contains(all.get(19).cursor()));

            proxy.cut();
            all.addAll(publisher.publish("cut", 21, 60));
            reader.awaitLine(line -> line.contains(all.get(59).cursor()));

            all.add(publisher.publish("cut", "job.completed", "null"));
            reader.awaitLine(frame("job_finished"));
            reader.awaitLine(line -> line.equals("{\"happened\":\"error\",\"readyState\":2}"));

            List<JsonNode> events = reader.lines().stream()
                    .filter(frame("log.line").or(frame("job.completed")).or(frame("gap")))
                    .map(JSON::readTree)
                    .toList();
            assertThat(events)
                    .extracting(event -> event.required("data").asString())
                    .containsExactlyElementsOf(all.stream().map(Published::json).toList());
            assertThat(events)
                    .extracting(event -> event.required("id").asString())
                    .containsExactlyElementsOf(
                            all.stream().map(Published::cursor).toList());
            assertThat(proxy.lastEventIds()).first().isEqualTo(all.get(19).cursor());
            assertThat(proxy.answered()).contains("HTTP/1.1 204");
        }
    }

    private static Predicate<String> frame(String event) {
        return line -> line.startsWith("{\"happened\":\"frame\",\"event\":\"" + event + "\"");
    }
}
