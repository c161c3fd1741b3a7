package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.HttpConnection;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server keeps to itself what it was told")
class LogLinesIT {

    /** What begins a line of the log; the lines of a stack do not begin so. */
    private static final Pattern HEAD = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+\\S+ [A-Z]+ +\\[.*");

    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{C}");
    private static final int MESSAGE_AND_HEAD = 1_200;

    private static ObserverServer server;
    private static ObserverServer talkative;

    @BeforeAll
    static void start() {
        server = ObserverServer.start();
        talkative = ObserverServer.start(
                "--logging.level.io.netty=DEBUG",
                "--logging.level.reactor.netty=DEBUG",
                "--logging.level.org.springframework.web=DEBUG");
    }

    @AfterAll
    static void stop() {
        server.close();
        talkative.close();
    }

    @Test
    void and_writes_no_request_to_its_log() {
        HttpApi api = new HttpApi(server);
        api.publish("{\"event\":\"secret.name\",\"job_id\":\"secret.job\",\"data\":{\"key\":\"secret-value\"}}");
        api.publishLines("{\"event\":\"secret.name\"}");
        api.get("/v1/jobs/secret.job/events?event=secret.*");
        api.call(HttpCall.get("/v1/events").header("Authorization: Bearer secret-token"));
        api.call(HttpCall.publish("{\"event\":\"secret name\"}"));
        api.call(HttpCall.get("/v1/events?since=secret-"));
        api.call(HttpCall.get("/secret/path"));
        api.call(HttpCall.get("/").header("Host: secret.example"));
        api.call(HttpCall.of("DELETE", "/v1/jobs/secret.job"));

        assertThat(server.stdout() + server.stderr()).doesNotContain("secret");
    }

    /** What is logged of requests on the way to a fault that is being looked for. */
    @Test
    void and_lets_nobody_write_lines_of_his_own_or_to_the_terminal() throws IOException {
        for (String target : List.of("/v1/events?x=\u001b[31m", "/\u202eevil", "/%0aforged", "/" + "x".repeat(3_000))) {
            send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nX-Odd: \u001b]0;\u0085\u202e\r\n\r\n");
        }
        send("\u001b[2J\u0007 / HTTP/1.1\r\n\r\n");
        send("GET /health HTTP/1.1\r\nHost: local\u001bhost\r\nX: " + "y".repeat(5_000) + "\r\n\r\n");
        send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        List<String> lines = talkative
                .stderr()
                .lines()
                .filter(line -> HEAD.matcher(line).matches())
                .toList();
        assertThat(lines).anyMatch(line -> line.contains("/health"));
        assertThat(lines).noneMatch(line -> UNPRINTABLE.matcher(line).find());
        assertThat(lines).noneMatch(line -> line.length() > MESSAGE_AND_HEAD);
    }

    private static void send(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), talkative.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read(new byte[1_000])).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/env",
                "/actuator/heapdump",
                "/env",
                "/heapdump",
                "/beans",
                "/configprops",
                "/threaddump",
                "/jolokia",
                "/h2-console",
                "/swagger-ui.html",
                "/v3/api-docs",
                "/debug",
                "/trace",
                "/.git/config",
                "/application.yml",
                "/logback.xml",
                "/META-INF/MANIFEST.MF",
                "/static/",
                "/error",
                "/favicon.php"
            })
    void and_shows_nothing_of_its_insides(String path) {
        HttpAnswer answer = HttpConnection.exchange(server, HttpCall.get(path));

        Problems.assertProblem(answer, 404);
    }
}
