package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** The routes of a running server, asked the usual way: whoever expects a refusal uses {@link HttpConnection}. */
public record HttpApi(ObserverServer server) {

    public HttpAnswer call(HttpCall call) {
        return HttpConnection.exchange(server, call);
    }

    public HttpAnswer get(String target) {
        return call(HttpCall.get(target));
    }

    /** Publishes JSON and expects that it is accepted. */
    public JsonNode publish(String json) {
        return accepted(call(HttpCall.publish(json)));
    }

    /** Publishes NDJSON and expects that it is accepted. */
    public JsonNode publishLines(String lines) {
        return accepted(call(HttpCall.publishLines(lines)));
    }

    private static JsonNode accepted(HttpAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.json();
    }

    /** A page of the log: {@code page("since=4&limit=2")}. */
    public JsonNode page(String query) {
        return json("/v1/events" + (query.isEmpty() ? "" : "?" + query));
    }

    /** What a route answers with 200. */
    public JsonNode json(String target) {
        HttpAnswer answer = get(target);
        assertThat(answer.status()).as("%s: %s", target, answer).isEqualTo(200);
        assertThat(answer.header("Content-Type")).as("%s: %s", target, answer).startsWith("application/json");
        return answer.json();
    }

    /** The newest id of the log, 0 while it is empty. */
    public long lastId() {
        return page("limit=0").get("last_id").asLong(0);
    }
}
