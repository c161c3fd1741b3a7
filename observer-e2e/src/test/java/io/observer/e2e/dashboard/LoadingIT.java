package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
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
        tab.press("Escape");
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

    @Test
    void what_was_let_go_for_want_of_room_comes_back_without_a_hole() {
        limit("event-store.js", "MAX_EVENTS = 120_000", "MAX_EVENTS = 3_000");
        publisher.publish("full", 1, 5000);
        tab.open(server.url(), "/jobs/full");
        assertThat(tab.find(".shown")).hasText("2,500 loaded");

        publisher.publish("full", 5001, 5600);
        assertThat(tab.row("n=5600")).isVisible();
        publisher.publish("full", 5601);
        assertThat(tab.row("n=5601")).isVisible();
        tab.press("g");

        assertThat(tab.find(".shown")).hasText("3,000 loaded");
        assertThat(tab.find(".row:not([hidden])[aria-posinset='1']")).containsText("n=2602");
        assertThat(tab.find(".beginning")).hasText("This page keeps 3,000 events; filter to look further back");
    }

    @Test
    void a_filter_that_leaves_nothing_to_scroll_has_a_button_that_goes_back_to_the_next_match() {
        publisher.publish("narrow", "log.line", "{\"line\":\"a needle\"}");
        publisher.publish("narrow", 1, 5000);
        tab.open(server.url(), "/jobs/narrow");
        assertThat(tab.find(".shown")).hasText("2,500 loaded");
        assertThat(tab.button("Load older")).hasCount(0);

        tab.filter("Text").fill("needle");
        assertThat(tab.find(".shown")).hasText("0 of 2,500 loaded");
        tab.button("Load older").click();

        assertThat(tab.row("a needle")).isVisible();
        assertThat(tab.button("Load older")).hasCount(0);
    }

    @Test
    void whatever_comes_before_between_and_behind_stays_within_the_bytes_of_a_page() {
        try (Page page = browser.emptyPageOf(server.url())) {
            Object seen = page.evaluate("""
                    async () => {
                      const { EventStore, MAX_BYTES } = await import('/static/app/event-store.js');
                      let trims = 0;
                      const store = new EventStore(() => trims++);
                      const events = (from, to) => Array.from({ length: to - from + 1 },
                          (_, i) => ({ id: from + i, event: 'a.b', data: null, sheet_num: 0, bytes: MAX_BYTES / 10 }));
                      const seen = [];
                      const look = () => seen.push(`${store.first.id}..${store.last.id} ${store.bytes <= MAX_BYTES} ${trims}`);
                      store.append(events(21, 26));
                      store.prepend(events(11, 20));
                      look();
                      const gap = {};
                      store.addGap(gap);
                      store.append(events(30, 30));
                      look();
                      store.fillGap(gap, events(27, 29));
                      look();
                      return seen;
                    }""");
            assertThat((List<?>) seen).isEqualTo(List.of("17..26 true 1", "19..30 true 2", "22..30 true 3"));
        }
    }

    @Test
    void of_a_very_long_gap_the_overview_loads_the_newest_events_and_says_how_many_are_left() {
        limit("jobs-model.js", "MOST_HISTORY = 20_000", "MOST_HISTORY = 100");
        tab.page().addInitScript(HonestStateIT.BETWEEN);
        List<Published> missed = publisher.publish("gap", 1, 250);
        tab.open(server.url(), "/");
        assertThat(tab.phase()).hasText("Live");

        tab.page()
                .evaluate(
                        "([from, to]) => say('gap', {reason: 'slow', from, to, dropped: 250})",
                        List.of((int) missed.get(0).id(), (int) missed.get(249).id()));

        for (String left : List.of("250 events were missed", "150 events were missed", "50 events were missed")) {
            assertThat(tab.find(".missed")).containsText(left);
            tab.button("Load them").click();
        }
        assertThat(tab.find(".missed")).containsText("50 missed events loaded");
    }

    /** Opens pages with a smaller bound, so that few events are enough to reach it. */
    private void limit(String file, String bound, String smaller) {
        tab.page().route("**/static/app/" + file, route -> {
            String script = route.fetch().text();
            assertThat(script).contains(bound);
            route.fulfill(
                    new FulfillOptions().setContentType("text/javascript").setBody(script.replace(bound, smaller)));
        });
    }
}
