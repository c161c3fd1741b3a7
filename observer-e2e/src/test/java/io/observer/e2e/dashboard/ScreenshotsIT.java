package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The pictures of the documentation, drawn anew with {@code ./mvnw verify -Pscreenshots}. */
@EnabledIfSystemProperty(named = "observer.screenshots", matches = ".+")
class ScreenshotsIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path BASE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    private static final int NEWEST_OPERATIONS = 600;
    private static final int SMALL_ENOUGH = 300_000;

    @Test
    void both_pages_in_both_themes() throws IOException {
        try (BrowserSession browser = BrowserSession.open();
                ObserverServer server = ObserverServer.start();
                Tab tab = Tab.in(browser.page())) {
            publish(server);
            tab.page().setViewportSize(1280, 760);
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                tab.page().emulateMedia(new EmulateMediaOptions().setColorScheme(scheme));
                String theme = scheme.name().toLowerCase(Locale.ROOT);

                tab.open(server.url(), "/");
                assertThat(tab.job("ledger-build")).isVisible();
                assertThat(tab.find(".scenario")).isVisible();
                shoot(tab, "overview-" + theme);

                tab.open(server.url(), "/jobs/nightly-report");
                assertThat(tab.row("Tests run")).not().hasCount(0);
                assertThat(tab.find(".glance .steps")).isVisible();
                shoot(tab, "job-" + theme);
            }
        }
    }

    private static void shoot(Tab tab, String name) throws IOException {
        Path picture = Path.of(System.getProperty("observer.screenshots")).resolve(name + ".png");
        tab.page().waitForTimeout(1500);
        tab.page().screenshot(new ScreenshotOptions().setPath(picture));
        assertThat(Files.size(picture)).isLessThan(SMALL_ENOUGH);
    }

    /** The recorded jobs as if they had come to their end just now, one of them still at work. */
    private static void publish(ObserverServer server) throws IOException {
        List<ObjectNode> events = lines(BASE.resolve("../observer-core/src/test/resources/recorded/jobs.jsonl"));
        double end = Instant.now().toEpochMilli() / 1000.0;
        double shift = end - events.get(events.size() - 1).get("timestamp").asDouble();
        List<String> lines = new ArrayList<>();
        for (ObjectNode event : events.subList(0, events.size() - 1)) {
            lines.add(event.put("timestamp", event.get("timestamp").asDouble() + shift)
                    .toString());
        }
        HttpApi api = new HttpApi(server);
        api.publishLines(String.join("\n", lines));
        api.publishLines(String.join("\n", NightlyReport.lines(end)));

        List<ObjectNode> operations = lines(BASE.resolve("src/test/resources/samples/ops.jsonl"));
        Instant last = Instant.parse(
                operations.get(operations.size() - 1).get("timestamp").asString());
        Duration later = Duration.between(last, Instant.now());
        for (ObjectNode operation : operations.subList(operations.size() - NEWEST_OPERATIONS, operations.size())) {
            Instant at = Instant.parse(operation.get("timestamp").asString()).plus(later);
            Server.record(server, operation.put("timestamp", at.toString()).toString());
        }
        for (int i = 0; i < 7; i++) {
            Server.record(server, """
                    {"source":"mcp","endpoint":"/v1/search","event_kind":"search.query","error":"timeout after 30s"}""");
        }
    }

    private static List<ObjectNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> (ObjectNode) JSON.readTree(line))
                .toList();
    }
}
