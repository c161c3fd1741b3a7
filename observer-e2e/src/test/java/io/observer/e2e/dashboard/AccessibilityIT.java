package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.options.ColorScheme;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** For readers with a screen reader, a keyboard, a phone, in the light and in the dark. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class AccessibilityIT {

    private static final String AXE = axe();

    private static BrowserSession browser;
    private static ObserverServer server;

    @BeforeAll
    static void start(BrowserSession shared, ObserverServer running) {
        browser = shared;
        server = running;
        SsePublisher publisher = new SsePublisher(server);
        publisher.publish("build-7", "job.started", "null");
        publisher.publish("build-7", "observer.file_created", "{\"path\":\"src/A.java\"}");
        publisher.publish("build-7", "observer.process_spawned", "{\"pid\":4711,\"name\":\"javac\"}");
        publisher.publish("build-7", "log.line", "{\"line\":\"\\u001b[31mred\\u001b[0m \\u001b[2mdim\\u001b[0m\"}");
        publisher.publish("build-7", "monitor.anomaly", "{\"description\":\"memory grew\"}");
        publisher.publishAll(
                List.of(
                        "{\"job_id\":\"build-7\",\"sheet_num\":1,\"event\":\"sheet.started\"}",
                        "{\"job_id\":\"build-7\",\"sheet_num\":1,\"event\":\"sheet.failed\",\"data\":{\"deep\":[1,{\"a\":null}]}}"));
        publisher.publish("done-1", "job.failed", "{\"exit_code\":1}");
        publisher.publish("done-2", "job.completed", "null");
        for (int i = 0; i < 6; i++) {
            Server.record(server, "{\"endpoint\":\"/v1/search\",\"error\":\"timed out\"}");
        }
    }

    @Test
    void axe_finds_nothing_on_either_page_in_either_theme() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.open(server.url(), "/");
            assertThat(tab.job("build-7")).isVisible();
            assertThat(tab.find(".clusters li").first()).isVisible();
            assertNoViolation(tab);

            tab.open(server.url(), "/jobs/build-7");
            tab.row("sheet.failed").click();
            assertThat(tab.find(".tree")).containsText("deep");
            assertNoViolation(tab);
            tab.find(".tabs >> text=Job").click();
            assertThat(tab.find(".glance .steps")).isVisible();
            assertNoViolation(tab);
            tab.find(".tabs >> text=Files").click();
            assertThat(tab.find(".files")).containsText("A.java");
            assertNoViolation(tab);
            tab.press("?");
            assertThat(tab.find("dialog")).isVisible();
            assertNoViolation(tab);
        }
    }

    @Test
    void both_pages_fit_a_phone_that_is_360_pixels_wide() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().setViewportSize(360, 740);
            tab.open(server.url(), "/");
            assertThat(tab.job("build-7")).isVisible();
            assertFits(tab);

            tab.open(server.url(), "/jobs/build-7");
            assertThat(tab.row("created src/A.java")).isInViewport();
            assertFits(tab);
            tab.row("created src/A.java").click();
            assertThat(tab.find(".details")).isInViewport();
            tab.button("Close").click();
            assertThat(tab.find(".details")).hasCount(0);
            tab.button("Details").click();
            assertThat(tab.find(".glance")).isInViewport();
            assertThat(tab.find(".glance")).containsText("sheet.failed");
            tab.button("Filters").click();
            assertThat(tab.filter("Path glob")).isVisible();
            assertFits(tab);
        }
    }

    @Test
    void a_theme_that_is_chosen_stays() {
        try (Tab tab = Tab.in(browser.page())) {
            tab.open(server.url(), "/");
            assertThat(tab.job("build-7")).isVisible();
            tab.press("t");
            tab.press("t");
            assertThat(tab.find("html")).hasAttribute("data-theme", "dark");
            tab.page().reload();
            assertThat(tab.find("html")).hasAttribute("data-theme", "dark");
        }
    }

    private static void assertFits(Tab tab) {
        assertThat(tab.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    private static void assertNoViolation(Tab tab) {
        tab.page().evaluate(AXE);
        for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            tab.page().emulateMedia(new EmulateMediaOptions().setColorScheme(theme));
            Object found = tab.page().evaluate("""
                    (async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                        .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join('; ')))()""");
            assertThat((List<?>) found).as("in the theme " + theme).isEmpty();
        }
    }

    private static String axe() {
        try (InputStream script = AccessibilityIT.class.getResourceAsStream("/axe/axe.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
