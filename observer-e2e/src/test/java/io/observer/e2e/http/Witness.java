package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpStream;
import io.observer.e2e.kit.ObserverServer;
import java.util.List;

/**
 * Tells whether something that was refused had an effect after all. It watches the global stream, and after each
 * refusal publishes an event of its own: what stands before that on the stream is all there was.
 */
final class Witness implements AutoCloseable {

    private final HttpApi api;
    private final HttpStream stream;
    private final String epoch;
    private int seen;
    private long lastId;

    Witness(ObserverServer server) {
        api = new HttpApi(server);
        stream = HttpStream.open(server, HttpCall.get("/v1/events/stream"))
                .await("hello", it -> it.events().contains("hello"));
        epoch = api.json("/health").path("epoch").asString();
        lookAgain();
    }

    /** Takes note of what is there, so that only what comes later counts. */
    void lookAgain() {
        lastId = api.lastId();
        markOnStream();
    }

    /** Expects a server in good health, a log without a new event and a stream that stayed silent. */
    void assertNothingHappened() {
        assertThat(api.json("/health").path("status").asString()).isEqualTo("UP");
        assertThat(api.lastId()).as("the last id of the log").isEqualTo(lastId);
        int before = seen;
        markOnStream();
        assertThat(stream.events().subList(before, seen))
                .as("the stream since the last look")
                .isEqualTo(List.of("witness.mark"));
    }

    private void markOnStream() {
        long id = api.publish("{\"event\":\"witness.mark\"}").get("id").longValue();
        String idLine = "id: " + epoch + "-" + id;
        stream.await(
                "mark " + id,
                it -> it.frames("witness.mark").stream()
                        .anyMatch(frame -> frame.lines().anyMatch(idLine::equals)));
        lastId = id;
        seen = stream.events().size();
    }

    @Override
    public void close() {
        stream.close();
    }
}
