package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page at {@code /}. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class OverviewIT {

    private static BrowserSession browser;
    private static ObserverServer server;
    private static SsePublisher publisher;

    private Tab tab;

    @BeforeAll
    static void start(BrowserSession shared, ObserverServer running) {
        browser = shared;
        server = running;
        publisher = new SsePublisher(server);
    }

    @BeforeEach
    void open() {
        tab = Tab.in(browser.tab());
    }

    @AfterEach
    void close() {
        tab.close();
    }

    @Test
    void tells_of_a_job_what_was_before_the_page_and_what_comes_while_it_is_open() {
        publisher.publish("late-7", "job.started", "null");
        publisher.publish("late-7", "observer.file_modified", "{\"path\":\"src/A.java\"}");
        tab.open(server.url(), "/");
        assertThat(tab.phase()).hasText("Live");
        assertThat(tab.job("late-7")).containsText("running");
        assertThat(tab.job("late-7")).containsText("wrote src/A.java");
        assertThat(tab.job("late-7").locator(".events")).hasText("2");

        publisher.publish("late-7", "observer.process_exited", "{\"pid\":7,\"role\":\"javac\",\"exit_code\":1}");
        assertThat(tab.job("late-7")).containsText("javac exited (pid 7, code 1)");
        assertThat(tab.job("late-7").locator(".failures")).hasText("1");

        publisher.publish("late-7", "job.failed", "{\"exit_code\":1}");
        assertThat(tab.job("late-7")).containsText("failed");
        assertThat(tab.job("late-7").locator(".events")).hasText("4");
        assertThat(tab.job("late-7").locator(".failures")).hasText("2");

        tab.page().reload();
        assertThat(tab.job("late-7").locator(".events")).hasText("4");
        assertThat(tab.job("late-7").locator(".failures")).hasText("2");
    }

    @Test
    void keeps_running_jobs_on_top_and_finds_the_one_that_is_searched() {
        publisher.publish("sort-old", "job.started", "null");
        publisher.publish("sort-new", "job.started", "null");
        publisher.publish("sort-done", "job.completed", "null");
        tab.open(server.url(), "/");
        assertThat(tab.job("sort-done")).containsText("completed");

        tab.press("/");
        tab.page().keyboard().type("sort-");
        assertThat(tab.find(".joblist .name a")).hasText(new String[] {"sort-new", "sort-old", "sort-done"});

        publisher.publish("sort-old", 1);
        assertThat(tab.find(".joblist .name a")).hasText(new String[] {"sort-old", "sort-new", "sort-done"});

        tab.press("Escape");
        tab.press("j");
        tab.press("j");
        tab.press("Enter");
        assertThat(tab.page()).hasURL(Pattern.compile(".*/jobs/sort-new"));
    }

    @Test
    void shows_only_the_jobs_in_a_state_when_that_is_picked() {
        publisher.publish("pick-running", "job.started", "null");
        publisher.publish("pick-cancelled", "job.cancelled", "null");
        tab.open(server.url(), "/");
        assertThat(tab.job("pick-running")).isVisible();
        assertThat(tab.page()).hasTitle(Pattern.compile("[0-9]+ running · Observer"));

        tab.find(".summary [data-state=cancelled]").click();
        assertThat(tab.job("pick-cancelled")).isVisible();
        assertThat(tab.job("pick-running")).hasCount(0);

        tab.find(".summary [data-state=cancelled]").click();
        assertThat(tab.job("pick-running")).isVisible();
    }

    @Test
    void tells_what_a_job_did_last_that_was_quiet_for_long() {
        publisher.publish("quiet", "observer.file_modified", "{\"path\":\"src/Quiet.java\"}");
        publisher.publish("loud", 1, 6000);
        tab.open(server.url(), "/");

        assertThat(tab.job("quiet")).containsText("wrote src/Quiet.java");
    }

    @Test
    void shows_operations_by_source_and_where_failures_pile_up() {
        for (int i = 0; i < 6; i++) {
            Server.record(server, """
                    {"source":"mcp","endpoint":"/v1/search","event_kind":"query","error":"timed out"}""");
        }
        Server.record(server, """
                {"source":"scenario","endpoint":"/v1/fill","event_kind":"staffing.fill","role":"welder","success":true}""");
        tab.open(server.url(), "/");

        assertThat(tab.find(".operations tbody tr:has-text('mcp')")).containsText("100.0 %");
        assertThat(tab.find(".clusters")).containsText("/v1/search");
        assertThat(tab.find(".clusters")).containsText("timed out");
        assertThat(tab.find(".scenario")).containsText("staffing.fill · welder");
    }

    @Test
    void draws_the_throughput_and_a_rate_for_each_job_that_did_something() {
        tab.open(server.url(), "/");
        assertThat(tab.phase()).hasText("Live");
        publisher.publish("busy", 1, 200);

        assertThat(tab.job("busy").locator("svg.spark")).hasAttribute("aria-label", Pattern.compile(".*busy.*"));
        assertThat(tab.find(".throughput canvas")).isVisible();
        assertThat(tab.find(".throughput .figure .quiet")).hasText(Pattern.compile("peak [0-9]{3}"));
    }
}
