package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Route;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Loads of a job page that fail, overtake one another, or bring more than there is room for. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class LoadingIT {

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
        tab = Tab.in(browser.page());
    }

    @AfterEach
    void close() {
        tab.close();
    }

    @Test
    void what_a_filter_asked_for_that_was_changed_since_is_not_shown() {
        publisher.publish("overtaken", "job.started", "null");
        publisher.publish("overtaken", 1, 3000);
        List<Route> late = new ArrayList<>();
        Pattern asksForJobs = Pattern.compile(".*/events\\?.*event=job\\..*");
        tab.open(server.url(), "/jobs/overtaken");
        assertThat(tab.find(".shown")).hasText("2,500 loaded");

        tab.page().route(asksForJobs, late::add);
        tab.page().waitForRequest(asksForJobs, () -> tab.filter("Event glob").fill("job.*"));
        tab.filter("Event glob").fill("log.*");
        assertThat(tab.find(".shown")).hasText("2,500 of 2,500 loaded");
        tab.page().unroute(asksForJobs);
        tab.page().waitForResponse(asksForJobs, () -> late.forEach(Route::resume));
        publisher.publish("overtaken", 3001);

        assertThat(tab.row("n=3001")).isVisible();
        assertThat(tab.find(".shown")).hasText("2,501 of 2,501 loaded");
        tab.press("g");
        assertThat(tab.find(".shown")).hasText("3,001 of 3,001 loaded");
    }

    @Test
    void a_first_load_that_failed_brings_all_that_it_would_have_when_it_is_tried_again() {
        publisher.publish("again", "job.failed", "{\"exit_code\":3}");
        publisher.publish("again", 1, 3000);
        tab.page().route("**/v1/jobs/again", Route::abort);
        tab.open(server.url(), "/jobs/again");
        assertThat(tab.find(".missed")).containsText("Could not load");

        tab.page().unroute("**/v1/jobs/again");
        tab.button("Try again").click();

        assertThat(tab.find(".glance .marks li")).hasCount(1);
        assertThat(tab.find(".glance .marks")).containsText("job.failed exit_code=3");
    }
}
