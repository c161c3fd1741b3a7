package io.observer.e2e.run;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Everything that the log has of a job, oldest first. */
record Story(List<JsonNode> events) {

    /** Read page by page. */
    static Story of(ObserverServer server, String job) {
        return of(server, job, "*");
    }

    /** What of it has a name that {@code globs} match. */
    static Story of(ObserverServer server, String job, String globs) {
        HttpApi api = new HttpApi(server);
        List<JsonNode> events = new ArrayList<>();
        String since = "0";
        boolean more = true;
        while (more) {
            JsonNode page = api.json("/v1/jobs/" + job + "/events?event=" + globs + "&limit=1000&since=" + since);
            page.get("events").forEach(events::add);
            since = page.get("cursor").asString();
            more = page.get("has_more").asBoolean();
        }
        return new Story(events);
    }

    List<String> names() {
        return events.stream().map(event -> event.get("event").asString()).toList();
    }

    /** The data of the events of a name. */
    List<JsonNode> dataOf(String name) {
        return events.stream()
                .filter(event -> event.get("event").asString().equals(name))
                .map(event -> event.get("data"))
                .toList();
    }

    /** What a stream of the command said, line by line. */
    List<String> lines(String stream) {
        return dataOf("log.line").stream()
                .filter(data -> data.get("stream").asString().equals(stream))
                .map(data -> data.get("line").asString())
                .toList();
    }

    List<String> paths(String name) {
        return dataOf(name).stream().map(data -> data.get("path").asString()).toList();
    }

    JsonNode last() {
        return events.get(events.size() - 1);
    }

    /** Where the first event is that {@code matches}. */
    int placeOf(Predicate<JsonNode> matches) {
        for (int i = 0; i < events.size(); i++) {
            if (matches.test(events.get(i))) {
                return i;
            }
        }
        throw new AssertionError("no such event in " + events);
    }
}
