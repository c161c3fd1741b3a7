package io.observer.e2e.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import java.time.Duration;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What every refusal has in common, whatever it refuses. */
final class Problems {

    /** Two seconds are promised; a busy machine may need more, but not the ten for which the rest of a request is waited. */
    private static final Duration AT_ONCE = Duration.ofSeconds(8);

    private static final Pattern INNARDS = Pattern.compile(
            "Exception|\\bat \\S+\\(|\\b(java|jdk|reactor|io\\.observer|io\\.netty|tools\\.jackson|org\\.springframework)\\.");

    /** Line breaks, other controls, separators and direction marks: nothing a terminal or a log should be handed. */
    private static final Pattern UNESCAPED =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private static final Pattern LONG_ECHO = Pattern.compile("(.)\\1{64}");

    private Problems() {}

    /** Expects a problem of RFC 9457 with everything the contract promises of it, and returns it. */
    static JsonNode assertProblem(HttpAnswer answer, int status) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.header("Content-Type")).as("%s", answer).startsWith("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).as("%s", answer).isEqualTo("nosniff");
        assertThat(answer.took()).as("the time until the answer").isLessThan(AT_ONCE);

        JsonNode problem = answer.json();
        assertThat(problem.path("type").asString("")).as("type in %s", answer).isNotBlank();
        assertThat(problem.path("title").asString("")).as("title in %s", answer).isNotBlank();
        assertThat(problem.path("status").asInt(0)).as("status in %s", answer).isEqualTo(status);
        assertThat(problem.path("detail").asString(""))
                .as("detail in %s", answer)
                .isNotBlank();
        assertThat(answer.text()).doesNotContainPattern(INNARDS);
        assertHarmless(problem);
        return problem;
    }

    /** What is echoed of the input is short and escaped, wherever in the problem it stands. */
    private static void assertHarmless(JsonNode node) {
        if (node.isString()) {
            assertThat(node.stringValue()).doesNotContainPattern(UNESCAPED).doesNotContainPattern(LONG_ECHO);
        }
        node.values().forEach(Problems::assertHarmless);
    }
}
