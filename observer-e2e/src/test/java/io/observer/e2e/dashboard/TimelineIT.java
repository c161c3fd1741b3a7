package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows of a job's timeline: how they look, and the ways to one that is far back. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class TimelineIT {

    private static BrowserSession browser;
    private static ObserverServer server;
    private static SsePublisher publisher;
    private static List<Published> far;

    @BeforeAll
    static void start(BrowserSession shared, ObserverServer running) {
        browser = shared;
        server = running;
        publisher = new SsePublisher(server);
        far = publisher.publish("far", 1, 6000);
    }

    @Test
    void scrolling_back_loads_what_is_older_and_leaves_the_reader_where_he_was() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.open(server.url(), "/jobs/far");
            assertThat(tab.find(".shown")).hasText("2,500 loaded");

            tab.find(".timeline").hover();
            tab.page().mouse().wheel(0, -1_000_000);

            assertThat(tab.find(".shown")).hasText(Pattern.compile("[3-6],[0-9]{3} loaded"));
            assertThat(tab.row("n=3501")).isInViewport();
            assertThat(tab.row("n=3495")).not().isInViewport();
        }
    }

    @Test
    void a_link_to_an_event_far_back_opens_there_and_one_to_another_job_is_refused() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.open(server.url(), "/jobs/far#" + far.get(9).id());
            assertThat(tab.find(".row[aria-selected=true]")).containsText("n=10");
            assertThat(tab.find(".row[aria-selected=true]")).isInViewport();
            assertThat(tab.find(".details")).containsText("#" + far.get(9).id());

            long other = publisher.publish("elsewhere", 1).id();
            tab.page().evaluate("location.hash = " + other);
            assertThat(tab.find(".missed"))
                    .containsText("Event #%d is not in the log, or not of this job.".formatted(other));
        }
    }

    @Test
    void times_are_those_of_the_readers_zone_and_the_exact_stamp_shows_on_hover() {
        publisher.publish("zone", 1);
        try (Tab tab = Tab.in(browser.pageIn("Asia/Tokyo"))) {
            tab.open(server.url(), "/jobs/zone");
            assertThat(tab.row("n=1").locator("time")).hasText("10:26:59.250");

            tab.row("n=1").locator("time").hover();
            assertThat(tab.row("n=1").locator("time"))
                    .hasAttribute(
                            "title", "2024-11-21 10:26:59.250 Asia/Tokyo\n2024-11-21T01:26:59.250Z\n1732152419.25");
        }
    }

    @Test
    void each_family_of_events_has_an_icon_and_what_failed_a_colour() {
        publisher.publish("look", "job.started", "null");
        publisher.publish("look", "sheet.started", "null");
        publisher.publish("look", "log.line", "{\"line\":\"hello\"}");
        publisher.publish("look", "observer.file_created", "{\"path\":\"src/A.java\"}");
        publisher.publish("look", "observer.file_deleted", "{\"path\":\"src/B.java\"}");
        publisher.publish("look", "observer.process_spawned", "{\"pid\":7,\"name\":\"javac\"}");
        publisher.publish("look", "monitor.anomaly", "{\"description\":\"memory grew\"}");
        publisher.publish("look", "baton.instrument.fallback", "null");
        publisher.publish("look", "job.failed", "{\"exit_code\":1}");
        try (Tab tab = Tab.in(browser.tab())) {
            tab.open(server.url(), "/jobs/look");
            assertThat(tab.rows()).hasCount(9);

            List<?> icons =
                    (List<?>) tab.rows().locator("path").evaluateAll("all => all.map(p => p.getAttribute('d'))");
            // Both job events have the same one.
            assertThat(new HashSet<>(icons)).hasSize(8);
            String ink = "e => getComputedStyle(e).color";
            Object plain = tab.row("hello").locator(".text").evaluate(ink);
            assertThat(tab.row("job.failed").locator(".text").evaluate(ink)).isNotEqualTo(plain);
            assertThat(tab.row("memory grew").locator(".text").evaluate(ink)).isNotEqualTo(plain);
            assertThat(tab.row("A.java").locator(".folder")).hasText("src/");
        }
    }

    @Test
    void one_key_copies_the_picked_event_as_curl() {
        Published only = publisher.publish("key-c", 1);
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            tab.open(server.url(), "/jobs/key-c");
            assertThat(tab.row("n=1")).isVisible();

            tab.press("k");
            assertThat(tab.find(".details")).isVisible();
            tab.press("c");

            tab.page().waitForFunction("navigator.clipboard.readText().then(text => text.startsWith('curl '))");
            assertThat((String) tab.page().evaluate("navigator.clipboard.readText()"))
                    .isEqualTo(
                            "curl '%s/v1/jobs/key-c/events?since=%d&limit=1'".formatted(server.url(), only.id() - 1));
        }
    }
}
