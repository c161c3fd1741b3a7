package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.Starting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server starts with good settings and says what is wrong with bad ones")
class StartIT {

    /** What must not start, and what the message has to name: the key, the value, and what would be right. */
    private static final Map<String, List<String>> BAD = new LinkedHashMap<>();

    static {
        BAD.put("--observer.log.bogus=1", List.of("observer.log.bogus", "1", "observer.log.max-entries"));
        BAD.put("--observer.log.max-entries=abc", List.of("observer.log.max-entries", "abc", "number"));
        BAD.put("--observer.log.ttl=soon", List.of("observer.log.ttl", "soon", "500ms"));
        BAD.put("--observer.bus.max-queue-size=99", List.of("observer.bus.max-queue-size", "99", "100"));
        BAD.put("--host=203.0.113.1 --observer.security.open=true", List.of("observer.host", "--host"));
        BAD.put("--host=0.0.0.0", List.of("observer.host", "'0.0.0.0'", "observer.security.open=true", "127.0.0.1"));
        BAD.put("--observer.security.open=perhaps", List.of("observer.security.open", "'perhaps'", "true or false"));
        BAD.put(
                "--observer.security.allowed-origins=*",
                List.of("observer.security.allowed-origins", "'*'", "https://"));
        BAD.put(
                "--observer.security.allowed-origins=https://dash.example/",
                List.of("observer.security.allowed-origins", "'https://dash.example/'", "https://dash.example "));
        BAD.put(
                "--observer.security.allowed-hosts=b.example:80",
                List.of("observer.security.allowed-hosts", "'b.example:80'", "without a port"));
        BAD.put("--log=kafka", List.of("kafka", "file", "memory", "redis", "disabled"));
    }

    /** All started at once: a start that fails is over soon, and most of its time is the JVM's. */
    private static final Map<String, Starting> STARTS = new LinkedHashMap<>();

    private static final String IN_ENVIRONMENT = "OBSERVER_LOG_MAX_ENTRIES=abc";

    @BeforeAll
    static void start() {
        Map<String, String> environment = Map.of("OBSERVER_LOG_MAX_ENTRIES", "abc");
        STARTS.put(IN_ENVIRONMENT, ObserverServer.launch(environment, serveWith("--log=memory")));
        BAD.keySet().forEach(flag -> STARTS.put(flag, ObserverServer.launch(serveWith(flag))));
    }

    private static String[] serveWith(String flag) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
        if (!flag.startsWith("--log=")) {
            arguments.add("--log=memory");
        }
        arguments.addAll(List.of(flag.split(" ")));
        return arguments.toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        STARTS.values().forEach(Starting::close);
    }

    static Stream<String> bad() {
        return BAD.keySet().stream();
    }

    @ParameterizedTest(name = "serve {0}")
    @MethodSource("bad")
    void a_bad_setting_is_named_with_its_value_and_with_what_is_accepted(String flag) {
        Starting start = STARTS.get(flag);

        assertFailedPlainly(start);
        assertThat(start.stderr()).contains(BAD.get(flag));
    }

    @Test
    void a_bad_value_in_the_environment_names_the_setting_too() {
        Starting start = STARTS.get(IN_ENVIRONMENT);

        assertFailedPlainly(start);
        assertThat(start.stderr()).contains("observer.log.max-entries", "abc", "number");
    }

    @Test
    void a_port_in_use_is_named_with_the_process_that_has_it() {
        try (ObserverServer first = ObserverServer.start();
                Starting second =
                        ObserverServer.launch("serve", "--log", "memory", "--port", Integer.toString(first.port()))) {
            assertFailedPlainly(second);
            assertThat(second.stderr()).contains("port " + first.port() + " is in use by process " + first.pid() + ";");
        }
    }

    private static void assertFailedPlainly(Starting start) {
        assertThat(start.exitCode()).as("%s", start).isEqualTo(1);
        assertThat(start.stdout()).doesNotContain("ready");
        assertThat(start.stdout() + start.stderr()).doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest(name = "{0}=100")
    @ValueSource(strings = {"OBSERVER_LOG_MAX_ENTRIES", "OBSERVER_LOG_MAXENTRIES"})
    void a_variable_of_the_environment_is_a_setting_and_an_unknown_one_only_warned_about(String variable) {
        try (ObserverServer server = ObserverServer.start(Map.of(variable, "100", "OBSERVER_LOG_BOGUS", "1"))) {
            HttpApi api = new HttpApi(server);
            api.publishLines("{\"event\":\"tick\"}\n".repeat(150));

            assertThat(api.page("limit=0").get("first_id").longValue()).isEqualTo(51);
            assertThat(server.stdout() + server.stderr())
                    .contains("OBSERVER_LOG_BOGUS")
                    .doesNotContain(variable);
        }
    }
}
