package io.observer.e2e.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** A server, its jobs and what they leave behind. */
record Recording(ObserverServer server, Path root) {

    static final String FILE = ".marianne-observer.jsonl";

    /** Starts a server whose workspaces are in {@code root}. */
    static Recording start(Path root, String... more) throws IOException {
        Path real = root.toRealPath();
        String[] arguments = new String[more.length + 1];
        arguments[0] = "--observer.recorder.workspace-roots=" + real;
        System.arraycopy(more, 0, arguments, 1, more.length);
        return new Recording(ObserverServer.start(arguments), real);
    }

    HttpApi api() {
        return new HttpApi(server);
    }

    /** Makes a workspace of the job's name and registers the job; answers its timeline. */
    Path record(String job) throws IOException {
        Path workspace = Files.createDirectories(root.resolve(job));
        HttpAnswer answer = register(job, "{\"workspace\":\"" + workspace + "\"}");
        assertThat(answer.status()).as("%s", answer).isIn(200, 201);
        return workspace.resolve(FILE);
    }

    HttpAnswer register(String job, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return api().call(HttpCall.of("PUT", "/v1/jobs/" + job)
                .header("Content-Type: application/json")
                .header("Content-Length: " + bytes.length)
                .body(bytes));
    }

    HttpAnswer unregister(String job) {
        return api().call(HttpCall.of("DELETE", "/v1/jobs/" + job));
    }

    long publish(String job, String kind, String path) {
        return api().publish("{\"job_id\":\"%s\",\"event\":\"observer.file_%s\",\"data\":{\"path\":\"%s\"}}"
                        .formatted(job, kind, path))
                .get("id")
                .longValue();
    }

    List<Long> ids(String target) {
        return api().json(target)
                .valueStream()
                .map(event -> event.get("id").longValue())
                .toList();
    }

    double metric(String name) {
        Matcher sample = Pattern.compile("(?m)^" + name + "(?:_total)?(?:\\{.*})? (\\S+)$")
                .matcher(api().get("/metrics").text());
        assertThat(sample.find()).as(name).isTrue();
        return Double.parseDouble(sample.group(1));
    }

    /** The ids of a timeline's lines, every one of which must be whole; none while there is no timeline. */
    static List<Long> lines(Path timeline) throws IOException {
        if (!Files.exists(timeline)) {
            return List.of();
        }
        return Files.readAllLines(timeline).stream()
                .map(line -> {
                    assertThat(line).matches("\\{\"id\":\\d+,.*}");
                    return Long.valueOf(line.substring(6, line.indexOf(',')));
                })
                .toList();
    }

    /** Files are written a moment after the answer. */
    static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().untilAsserted(assertion);
    }
}
