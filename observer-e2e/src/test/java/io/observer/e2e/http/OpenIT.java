package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That it does not start without {@code open=true} is among the bad settings of {@link StartIT}. */
@DisplayName("A server that is open to everybody who can reach it")
class OpenIT {

    private static ObserverServer server;

    @BeforeAll
    static void start() {
        server = ObserverServer.start(
                "--host=0.0.0.0", "--observer.security.open=true", "--observer.security.allowed-hosts=build.example");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "192.0.2.7:3219",
                "192.0.2.7",
                "[2001:db8::7]:3219",
                "build.example:3219",
                "localhost:80",
                "0.0.0.0:3219",
                "[::1]"
            })
    void answers_to_any_address_and_to_the_names_it_was_given(String host) {
        for (String path : new String[] {"/v1/events?limit=0", "/health", "/"}) {
            assertThat(get(path, "Host: " + host).status()).as(path).isEqualTo(200);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"evil.example", "evil.example:3219", "127.0.0.1.evil.example", "1.2.3", "1.2.3.4.5", "[evil"})
    void answers_to_no_other_name_since_whoever_has_a_name_may_point_it_here(String host) {
        for (String path : new String[] {"/v1/events?limit=0", "/v1/events/stream", "/health"}) {
            Problems.assertProblem(get(path, "Host: " + host), 421);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Origin: http://192.0.2.8", "Origin: null", "Sec-Fetch-Site: cross-site"})
    void lets_no_page_of_another_origin_in(String header) {
        HttpCall call =
                HttpCall.get("/v1/events").header("Host: 192.0.2.7:3219").header(header);
        Problems.assertProblem(new HttpApi(server).call(call), 403);
    }

    private static HttpAnswer get(String path, String host) {
        return new HttpApi(server).call(HttpCall.get(path).header(host));
    }
}
