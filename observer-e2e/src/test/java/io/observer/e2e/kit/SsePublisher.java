package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Publishes events for readers to see, and knows how each must look on their streams. */
public final class SsePublisher {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI events;

    public SsePublisher(ObserverServer server) {
        this.events = server.url().resolve("/v1/events");
    }

    /** An event as it is published: all keys but the id, in the order of the contract. */
    public static String event(String job, String event, String data) {
        return """
                {"job_id":"%s","sheet_num":0,"event":"%s","data":%s,"timestamp":1732152419.25}""".formatted(job, event, data);
    }

    /** Publishes one event. */
    public Published publish(String job, String event, String data) {
        String sent = event(job, event, data);
        JsonNode answer = post("application/json", sent);
        return new Published(epoch(answer), answer.required("id").asLong(), sent);
    }

    /** Publishes a {@code log.line} whose payload is {@code {"n":<n>}}. */
    public Published publish(String job, int n) {
        return publish(job, "log.line", "{\"n\":" + n + "}");
    }

    /** Publishes {@code log.line} events with payloads {@code {"n":<from>}} to {@code {"n":<to>}}, all in one batch. */
    public List<Published> publish(String job, int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            lines.add(event(job, "log.line", "{\"n\":" + n + "}"));
        }
        return publishAll(lines);
    }

    /** Publishes a batch of two events or more, one a line. */
    public List<Published> publishAll(List<String> lines) {
        JsonNode answer = post("application/x-ndjson", String.join("\n", lines));
        String epoch = epoch(answer);
        long first = answer.required("first_id").asLong();
        List<Published> published = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            published.add(new Published(epoch, first + i, lines.get(i)));
        }
        return published;
    }

    private static String epoch(JsonNode answer) {
        return answer.required("cursor").asString().replaceFirst("-[0-9]+$", "");
    }

    private JsonNode post(String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(events)
                .timeout(Patience.TIME)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot publish", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing", e);
        }
    }

    /**
     * An event that the log has taken.
     *
     * @param epoch the life of the log
     * @param id its place in the log
     * @param sent how it was sent
     */
    public record Published(String epoch, long id, String sent) {

        public String cursor() {
            return epoch + "-" + id;
        }

        /** The cursor of the position just before it. */
        public String cursorBefore() {
            return epoch + "-" + (id - 1);
        }

        /** The event as every reader gets it. */
        public String json() {
            return "{\"id\":" + id + "," + sent.substring(1);
        }

        /** The event's frame. */
        public String frame() {
            String name = sent.replaceFirst("^.*?\"event\":\"([^\"]+)\".*$", "$1");
            return "id: " + cursor() + "\nevent: " + name + "\ndata: " + json() + "\n";
        }
    }
}
