package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayName("Jobs are registered with the recorder")
class RegistrationIT {

    @TempDir
    static Path temporary;

    private static Path root;
    private static ObserverServer server;
    private static HttpApi api;

    @BeforeAll
    static void start() throws IOException {
        root = temporary.toRealPath();
        server = ObserverServer.start("--observer.recorder.workspace-roots=" + root);
        api = new HttpApi(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void first_with_201_then_with_200() throws IOException {
        String body = workspace("twice");
        HttpAnswer first = put("twice", body);
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.text())
                .isEqualTo("{\"job_id\":\"twice\",\"recording\":true,\"workspace\":\"" + root.resolve("twice") + "\"}");

        assertThat(put("twice", body).status()).isEqualTo(200);
        assertThat(put("twice", "{}").text()).isEqualTo(first.text());
        api.publish("{\"job_id\":\"twice\",\"event\":\"job.started\"}");
        JsonNode job = api.json("/v1/jobs/twice");
        assertThat(job.get("recording").booleanValue()).isTrue();
        assertThat(job.get("workspace").stringValue())
                .isEqualTo(root.resolve("twice").toString());
    }

    @Test
    void without_a_workspace_which_may_be_given_later() throws IOException {
        assertThat(api.call(HttpCall.of("PUT", "/v1/jobs/later")).status()).isEqualTo(201);
        assertThat(put("later", "{}").json().get("workspace").isNull()).isTrue();

        HttpAnswer given = put("later", workspace("later"));

        assertThat(given.status()).isEqualTo(200);
        assertThat(given.json().get("workspace").stringValue()).endsWith("/later");
    }

    @Test
    void until_they_are_deleted() throws IOException {
        put("gone", workspace("gone"));
        assertThat(delete("gone").status()).isEqualTo(204);

        Problems.assertProblem(delete("gone"), 404);
        Problems.assertProblem(delete("never-seen"), 404);
        assertThat(put("heir", workspace("gone")).status()).isEqualTo(201);
    }

    @Test
    void each_with_a_directory_of_its_own() throws IOException {
        put("one", workspace("one"));
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("one"));

        Problems.assertProblem(put("two", workspace("one")), 409);
        Problems.assertProblem(put("two", "{\"workspace\":\"" + root.resolve("alias") + "\"}"), 409);
        Problems.assertProblem(put("one", workspace("other")), 409);
    }

    @Test
    void only_in_directories_under_the_roots() throws IOException {
        Path file = Files.createFile(root.resolve("a-file"));
        Files.createSymbolicLink(root.resolve("way-out"), Path.of("/usr"));

        for (String refused :
                new String[] {root + "/missing", file.toString(), "/usr", root + "/way-out", root + "/.."}) {
            Problems.assertProblem(put("outside", "{\"workspace\":\"" + refused + "\"}"), 422);
        }
        Problems.assertProblem(delete("outside"), 404);
        Files.delete(root.resolve("way-out"));
    }

    static Stream<String> malformed() {
        return Stream.of(
                "{\"workspace\":\"relative/path\"}",
                "{\"workspace\":\"\"}",
                "{\"workspace\":\"/a\\u0000b\"}",
                "{\"workspace\":\"/" + "x".repeat(4_096) + "\"}",
                "{\"workspace\":null}",
                "{\"workspace\":7}",
                "{\"workspace\":[\"/tmp\"]}",
                "{\"workspace\":\"/tmp\",\"workspace\":\"/tmp\"}",
                "{\"workspaces\":\"/tmp\"}",
                "[]",
                "\"/tmp\"",
                "{",
                "{} {}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void by_a_body_that_can_be_understood(String body) {
        Problems.assertProblem(put("malformed", body), 400);
        Problems.assertProblem(delete("malformed"), 404);
    }

    @Test
    void by_json_and_nothing_else() {
        Problems.assertProblem(
                api.call(HttpCall.of("PUT", "/v1/jobs/typed")
                        .header("Content-Type: text/plain")
                        .header("Content-Length: 2")
                        .body("{}".getBytes(StandardCharsets.UTF_8))),
                415);
        Problems.assertProblem(put("typed", "{\"workspace\":\"" + "/x".repeat(40_000) + "\"}"), 413);
        Problems.assertProblem(put("..", "{}"), 400);
    }

    @Test
    void but_for_one_that_the_locale_of_the_server_cannot_name(@TempDir Path dataDir) throws IOException {
        workspace("named");
        Path file = Files.createDirectory(dataDir.resolve("recorder")).resolve("registrations.json");
        Files.writeString(file, "{\"odd\":\"%s/ä\",\"named\":\"%s/named\"}".formatted(root, root));
        try (ObserverServer ascii = ObserverServer.start(
                Map.of("LC_ALL", "C"), "--data-dir=" + dataDir, "--observer.recorder.workspace-roots=" + root)) {
            HttpApi there = new HttpApi(ascii);

            assertThat(there.json("/health").get("degraded").toString())
                    .startsWith("[\"recorder: odd: the locale of this server cannot name the workspace");
            byte[] unnameable = "{\"workspace\":\"/ä\"}".getBytes(StandardCharsets.UTF_8);
            HttpAnswer refused = there.call(HttpCall.of("PUT", "/v1/jobs/new")
                    .header("Content-Type: application/json")
                    .header("Content-Length: " + unnameable.length)
                    .body(unnameable));
            Problems.assertProblem(refused, 400);
            assertThat(refused.text()).contains("the locale of this server cannot name");
            assertThat(there.call(HttpCall.of("PUT", "/v1/jobs/more")).status()).isEqualTo(201);
        }
        assertThat(file).hasContent("{\"odd\":\"%s/ä\",\"named\":\"%s/named\",\"more\":null}".formatted(root, root));
    }

    @Test
    void when_the_recorder_is_on() {
        try (ObserverServer off = ObserverServer.start("--observer.recorder.enabled=false")) {
            HttpApi there = new HttpApi(off);
            Problems.assertProblem(there.call(HttpCall.of("PUT", "/v1/jobs/a")), 409);
            Problems.assertProblem(there.call(HttpCall.of("DELETE", "/v1/jobs/a")), 404);
            there.publish("{\"job_id\":\"a\",\"event\":\"observer.file_created\",\"data\":{\"path\":\"x\"}}");
            assertThat(there.json("/v1/jobs/a/observer").size()).isEqualTo(1);
            assertThat(there.json("/v1/observer/recent").size()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/v1/jobs/history/observer, 20", "/v1/observer/recent, 50"})
    void and_asked_for_what_was_observed_newest_first(String path, int usual) {
        put("history", "{}");
        for (int n = 0; n < 60; n++) {
            api.publish("{\"job_id\":\"history\",\"event\":\"observer.process_spawned\",\"timestamp\":%d}"
                    .formatted(2_000_000_000 + n));
        }

        JsonNode events = api.json(path);

        assertThat(events.size()).isEqualTo(usual);
        assertThat(events.valueStream().map(event -> event.get("timestamp").doubleValue()))
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(api.json(path + "?limit=1").size()).isEqualTo(1);
        for (String limit : new String[] {"0", "201", "-1", "x", "", "1e1"}) {
            Problems.assertProblem(api.get(path + "?limit=" + limit), 400);
        }
    }

    @Test
    void and_know_nothing_of_a_job_that_was_never_seen() {
        assertThat(api.get("/v1/jobs/never-seen/observer").compactText()).isEqualTo("[]");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "coalesce-window=-1s",
                "coalesce-window=2h",
                "max-timeline-bytes=4095",
                "file-name=../x",
                "file-name=..",
                "ring-size=0",
                "max-jobs=0",
                "max-open-files=0"
            })
    void by_a_server_whose_settings_make_sense(String setting) {
        String key = setting.substring(0, setting.indexOf('='));
        try (var start = ObserverServer.launch("serve", "--port", "0", "--observer.recorder." + setting)) {
            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.stderr()).contains("observer.recorder." + key).contains("must be");
        }
    }

    private static String workspace(String name) throws IOException {
        return "{\"workspace\":\"" + Files.createDirectories(root.resolve(name)) + "\"}";
    }

    private static HttpAnswer put(String job, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return api.call(HttpCall.of("PUT", "/v1/jobs/" + job)
                .header("Content-Type: application/json")
                .header("Content-Length: " + bytes.length)
                .body(bytes));
    }

    private static HttpAnswer delete(String job) {
        return api.call(HttpCall.of("DELETE", "/v1/jobs/" + job));
    }
}
