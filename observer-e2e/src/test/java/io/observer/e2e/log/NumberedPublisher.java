package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SsePublisher;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A publisher that numbers its events, waits for each answer before it sends more, and remembers what it was told. What
 * got no answer it does not send again, so that every number is sent once.
 */
final class NumberedPublisher {

    /**
     * One request: events {@code from} to {@code to} of a job.
     *
     * @param status 0 when no answer came
     * @param firstId the id of event {@code from}, 0 unless it was accepted
     */
    record Sent(String job, int from, int to, int status, long firstId) {

        boolean isAccepted() {
            return status == 201;
        }

        boolean isUnanswered() {
            return status == 0;
        }

        int count() {
            return to - from + 1;
        }

        long lastId() {
            return isAccepted() ? firstId + count() - 1 : 0;
        }
    }

    private final String job;
    private final int[] sizes;
    private final Function<List<String>, HttpCall> form;
    private final Random random;
    private final List<Sent> sent = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private int next = 1;

    private NumberedPublisher(String job, int[] sizes, Function<List<String>, HttpCall> form) {
        this.job = job;
        this.sizes = sizes;
        this.form = form;
        this.random = new Random(job.hashCode());
    }

    /** One event a request. */
    static NumberedPublisher ofSingles() {
        return ofSingles("singles");
    }

    /** As {@link #ofSingles()}, of this job. */
    static NumberedPublisher ofSingles(String job) {
        return new NumberedPublisher(job, new int[] {1}, events -> HttpCall.publish(events.get(0)));
    }

    /** NDJSON of so many lines a request, of this job. */
    static NumberedPublisher ofLines(String job, int lines) {
        return new NumberedPublisher(
                job, new int[] {lines}, events -> HttpCall.publishLines(String.join("\n", events)));
    }

    /** Small arrays. */
    static NumberedPublisher ofArrays() {
        return new NumberedPublisher(
                "arrays", new int[] {2, 7, 40}, events -> HttpCall.publish("[" + String.join(",", events) + "]"));
    }

    /** NDJSON, from two lines to so many that they take many pages of a file. */
    static NumberedPublisher ofLines(int most) {
        return new NumberedPublisher(
                "lines", new int[] {2, 25, most}, events -> HttpCall.publishLines(String.join("\n", events)));
    }

    String job() {
        return job;
    }

    /** How many requests were accepted so far; may be asked while another thread publishes. */
    int accepted() {
        return accepted.get();
    }

    /** What became of each request, in the order in which they were sent. */
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Publishes at full speed until the server refuses or is gone. */
    void publishTo(ObserverServer server) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            while (publish(connection).isAccepted()) {
                accepted.incrementAndGet();
            }
        }
    }

    /** Publishes one more request. */
    Sent publishOnceTo(ObserverServer server) {
        try (HttpConnection connection = HttpConnection.open(server)) {
            return publish(connection);
        }
    }

    private Sent publish(HttpConnection connection) {
        int size = sizes[random.nextInt(sizes.length)];
        List<String> events = new ArrayList<>(size);
        int from = next;
        for (; next < from + size; next++) {
            String data = "{\"n\":%d,\"text\":\"%s\"}".formatted(next, "x".repeat(random.nextInt(200)));
            events.add(SsePublisher.event(job, "log.line", data));
        }
        Sent request = outcome(from, connection, form.apply(events));
        sent.add(request);
        return request;
    }

    private Sent outcome(int from, HttpConnection connection, HttpCall call) {
        int to = next - 1;
        HttpAnswer answer;
        try {
            answer = connection.send(call);
        } catch (UncheckedIOException gone) {
            return new Sent(job, from, to, 0, 0);
        }
        if (answer.status() != 201) {
            return new Sent(job, from, to, answer.status(), 0);
        }
        JsonNode ids = answer.json();
        if (from == to) {
            return new Sent(job, from, to, 201, ids.required("id").longValue());
        }
        Sent several = new Sent(job, from, to, 201, ids.required("first_id").longValue());
        assertThat(ids.required("last_id").longValue()).as("%s", answer).isEqualTo(several.lastId());
        return several;
    }
}
