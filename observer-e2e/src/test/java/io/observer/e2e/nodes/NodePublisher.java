package io.observer.e2e.nodes;

import io.observer.e2e.kit.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A publisher that sends numbered events to a node until that fails it, and then to the next. What was not accepted it
 * does not send again, so that every number is sent once.
 */
final class NodePublisher implements Runnable {

    private static final int MOST = 20;

    private final String job;
    private final Nodes nodes;
    private final AtomicBoolean over;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private int node;
    private int next = 1;

    NodePublisher(int number, Nodes nodes, AtomicBoolean over) {
        this.job = "publisher-" + number;
        this.node = number;
        this.nodes = nodes;
        this.over = over;
        this.random = new Random(number);
    }

    @Override
    public void run() {
        while (!over.get()) {
            publish(1 + random.nextInt(MOST));
        }
    }

    /** The id of each number that was accepted, by {@code job/number}. */
    Map<String, Long> accepted() {
        return accepted;
    }

    /** How often it was refused. */
    int refusals() {
        return refusals.get();
    }

    private void publish(int count) {
        int from = next;
        next += count;
        String body = IntStream.range(from, next)
                .mapToObj("{\"job_id\":\"%s\",\"event\":\"log.line\",\"data\":{\"n\":%%d}}".formatted(job)::formatted)
                .collect(Collectors.joining("\n"));
        HttpResponse<String> answer;
        try {
            answer = http.send(
                    HttpRequest.newBuilder(URI.create(nodes.alive(node).url() + "/v1/events"))
                            .timeout(Patience.TIME)
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException dead) {
            node++;
            return;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        if (answer.statusCode() == 201) {
            accept(from, count, JsonMapper.shared().readTree(answer.body()));
        } else {
            refusals.incrementAndGet();
            node++;
        }
    }

    private void accept(int from, int count, JsonNode answer) {
        long firstId = answer.required("first_id").longValue();
        for (int n = 0; n < count; n++) {
            accepted.put(job + "/" + (from + n), firstId + n);
        }
    }
}
