package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A dead source never looks alive, and what was missed is said. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class HonestStateIT {

    /** What a page needs to come back at the latest, its back-off included. */
    private static final HasTextOptions PATIENTLY = new HasTextOptions().setTimeout(40_000);

    /**
     * Takes the worker away, so that the tab reads the stream itself, and puts the test between stream and tab:
     * {@code window.lose} keeps events from it, {@code window.loseEnd} the last frame of a job's stream, and
     * {@code window.say(name, data)} sends a frame.
     */
    static final String BETWEEN = """
            delete window.SharedWorker;
            const Streams = window.EventSource;
            window.EventSource = class extends Streams {
              constructor(url) {
                super(url);
                window.say = (type, data) => this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
                this.addEventListener('message', (e) => window.lose && e.stopImmediatePropagation());
                this.addEventListener('job_finished', (e) => window.loseEnd && e.stopImmediatePropagation());
              }
            };""";

    private static BrowserSession browser;
    private static ObserverServer server;

    @BeforeAll
    static void start(BrowserSession shared, ObserverServer running) {
        browser = shared;
        server = running;
    }

    @Test
    void a_server_that_is_killed_and_started_again_is_away_and_live_again_and_nothing_is_lost_or_doubled(
            @TempDir Path data) {
        String[] settings = {"--log", "file", "--data-dir", data.toString()};
        ObserverServer first = ObserverServer.start(settings);
        int port = first.port();
        try (Tab overview = Tab.in(browser.tab()).open(first.url(), "/");
                Tab job = overview.beside()) {
            new SsePublisher(first).publish("build", 1, 20);
            job.open(first.url(), "/jobs/build");
            assertThat(job.find(".shown")).hasText("20 loaded");
            assertThat(job.phase()).hasText("Live");

            first.kill();
            assertThat(job.phase()).hasText("Reconnecting");
            assertThat(overview.phase()).hasText(Pattern.compile("Reconnecting|Server gone"));
            assertThat(overview.find(".overview")).hasAttribute("data-live", "false");
            try (ObserverServer second =
                    ObserverServer.start("--log", "file", "--data-dir", data.toString(), "--port", "" + port)) {
                new SsePublisher(second).publish("build", 21, 50);
                assertThat(job.phase()).hasText("Live", PATIENTLY);
                assertThat(job.find(".shown")).hasText("50 loaded");
                assertThat(job.row("n=50")).isInViewport();
                assertThat(job.find(".missed")).hasCount(0);
                assertThat(overview.phase()).hasText("Live");
                assertThat(overview.job("build").locator(".events")).hasText("50");
            }
        } finally {
            first.close();
        }
    }

    @Test
    void a_server_that_more_than_three_tries_did_not_find_is_gone_and_still_looked_for() {
        try (Tab tab = Tab.in(browser.page())) {
            tab.page().addInitScript(BETWEEN);
            tab.page().clock().install();
            tab.open(server.url(), "/");
            assertThat(tab.phase()).hasText("Live");

            tab.page().context().route("**/events/stream?*", Route::abort);
            tab.page().evaluate("say('bridge_stopped', {})");
            assertThat(tab.phase()).hasText("Reconnecting");
            Awaitility.await().untilAsserted(() -> {
                tab.page().clock().fastForward(1_000);
                assertThat(tab.phase().textContent()).isEqualTo("Server gone");
            });
            assertThat(tab.find(".liveness")).containsText("next try in");

            tab.page().context().unroute("**/events/stream?*");
            Awaitility.await().untilAsserted(() -> {
                tab.page().clock().fastForward(1_000);
                assertThat(tab.phase().textContent()).isEqualTo("Live");
            });
        }
    }

    @Test
    void a_new_log_behind_the_same_address_is_said_and_what_was_read_stays() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript(BETWEEN);
            new SsePublisher(server).publish("new-log", 1, 5);
            tab.open(server.url(), "/jobs/new-log");
            assertThat(tab.find(".shown")).hasText("5 loaded");

            tab.page().evaluate("say('hello', {cursor: 'other-0', epoch: 'other', heartbeat_seconds: 5})");
            tab.page().evaluate("say('gap', {reason: 'epoch', from: null, to: null, dropped: null})");

            assertThat(tab.find(".missed")).containsText("the server began a new log");
            assertThat(tab.row("n=5")).isVisible();
        }
    }

    @Test
    void missed_events_are_said_and_exactly_they_are_loaded() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript(BETWEEN);
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("missed", 1, 5);
            tab.open(server.url(), "/jobs/missed");
            assertThat(tab.row("n=5")).isVisible();

            tab.page().evaluate("window.lose = true");
            List<Published> lost = publisher.publish("missed", 6, 8);
            publisher.publish("another", 1, 3);
            // Its arrival on another page's stream is not its arrival here: the page itself tells what it has read.
            tab.page().waitForTimeout(300);
            assertThat(tab.row("n=6")).hasCount(0);
            tab.page()
                    .evaluate(
                            "([from, to]) => { lose = false; say('gap', {reason: 'slow', from, to, dropped: 3}); }",
                            List.of((int) lost.get(0).id(), (int) lost.get(2).id()));
            publisher.publish("missed", 9);

            assertThat(tab.find(".missed")).containsText("3 events were missed: too many at once for this page");
            assertThat(tab.rows().locator(".says"))
                    .hasText(new Pattern[] {n(1), n(2), n(3), n(4), n(5), Pattern.compile("too many at once"), n(9)});

            assertThat(tab.find(".shown")).hasText("6 loaded");

            Request asked = tab.page()
                    .waitForRequest(
                            Pattern.compile(".*/v1/jobs/missed/events\\?.*"),
                            () -> tab.button("Load them").click());
            assertThat(asked.url())
                    .endsWith("?since=%d&limit=3".formatted(lost.get(0).id() - 1));
            assertThat(tab.find(".missed")).containsText("3 missed events loaded");
            assertThat(tab.find(".facts")).containsText("9 events");
            assertThat(tab.rows().locator(".says"))
                    .hasText(new Pattern[] {n(1), n(2), n(3), n(4), n(5), n(6), n(7), n(8), n(9)});
            tab.button("Dismiss").click();
            assertThat(tab.find(".missed")).hasCount(0);

            tab.page().evaluate("[1, 2].forEach(() => say('gap', {reason: 'slow', from: 1, to: 3, dropped: 3}))");
            assertThat(tab.find(".missed")).hasCount(1);
            assertThat(tab.find(".missed")).containsText("6 events were missed in 2 places");
        }
    }

    @Test
    void a_source_that_is_away_is_named_until_it_is_back() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript(BETWEEN);
            tab.open(server.url(), "/");
            assertThat(tab.phase()).hasText("Live");

            tab.page().evaluate("say('source_disconnected', {source: 'daemon', retry_in_seconds: 5})");
            assertThat(tab.phase()).hasText("Source away");
            assertThat(tab.find(".liveness")).containsText("daemon, tried again each 5 s");

            tab.page().evaluate("say('source_connected', {source: 'daemon', retry_in_seconds: null})");
            assertThat(tab.phase()).hasText("Live");
        }
    }

    @Test
    void a_heartbeat_that_is_overdue_is_said_before_the_connection_is_given_up() {
        try (Tab tab = Tab.in(browser.page())) {
            tab.page().addInitScript(BETWEEN);
            tab.page().clock().install();
            tab.open(server.url(), "/");
            assertThat(tab.phase()).hasText("Live");
            assertThat(tab.find(".liveness")).containsText(Pattern.compile("heard [0-4] s ago"));

            tab.page().clock().fastForward(8_000);

            assertThat(tab.phase()).hasText("Live");
            assertThat(tab.find(".liveness")).containsText(Pattern.compile("nothing heard for [89] s"));
            assertThat(tab.find(".liveness")).hasAttribute("data-tone", "warn");
            assertThat(tab.find(".overview")).hasAttribute("data-live", "false");
        }
    }

    @Test
    void a_server_that_is_full_says_when_the_next_try_is() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript(BETWEEN);
            tab.open(server.url(), "/");
            assertThat(tab.phase()).hasText("Live");

            tab.page().evaluate("say('busy', {})");

            assertThat(tab.phase()).hasText("Server full");
            assertThat(tab.find(".liveness")).containsText(Pattern.compile("next try in 1?[0-9] s"));
            assertThat(tab.page()).hasTitle(Pattern.compile("⚠ .*"));
        }
    }

    @Test
    void a_finished_job_is_over_and_its_page_hears_of_a_next_run() {
        try (Tab tab = Tab.in(browser.tab())) {
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("over", "job.failed", "{\"exit_code\":3}");
            tab.open(server.url(), "/jobs/over");
            assertThat(tab.phase()).hasText("Finished");
            assertThat(tab.page()).hasTitle("✗ over · Observer");

            publisher.publish("over", "job.resuming", "null");
            assertThat(tab.phase()).hasText("Live");
            assertThat(tab.page()).hasTitle("▶ over · Observer");
        }
    }

    @Test
    void a_tab_in_the_background_tells_in_its_title_how_the_job_stands() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript("""
                    Object.defineProperty(document, 'hidden', { get: () => true });
                    window.requestAnimationFrame = () => 0;""");
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("behind", "job.started", "null");
            tab.open(server.url(), "/jobs/behind");
            assertThat(tab.page()).hasTitle("▶ behind · Observer");

            publisher.publish("behind", "job.completed", "null");
            assertThat(tab.page()).hasTitle("✓ behind · Observer");
        }
    }

    @Test
    void a_stream_that_broke_before_the_end_of_its_job_was_told_stops_at_the_204() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript(BETWEEN);
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("no-content", "job.started", "null");
            tab.open(server.url(), "/jobs/no-content");
            assertThat(tab.phase()).hasText("Live");
            tab.page().evaluate("window.loseEnd = true");

            Response answer = tab.page()
                    .waitForResponse(
                            response -> response.status() == 204,
                            () -> publisher.publish("no-content", "job.completed", "{\"exit_code\":0}"));

            assertThat(answer.url()).contains("last_event_id=");
            assertThat(tab.phase()).hasText("Stream ended");
            assertThat(tab.find(".crumb")).containsText("exit_code=0");
            Server.awaitOpenStreams(server, 0);
        }
    }

    @Test
    void a_finished_job_ends_its_own_stream_and_never_asks_for_it_again() {
        try (Tab tab = Tab.in(browser.tab())) {
            tab.page().addInitScript("delete window.SharedWorker;");
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("ended", "job.started", "null");
            tab.open(server.url(), "/jobs/ended");
            assertThat(tab.phase()).hasText("Live");

            publisher.publish("ended", "job.completed", "{\"exit_code\":0}");

            assertThat(tab.phase()).hasText("Stream ended");
            assertThat(tab.find(".crumb")).containsText("exit_code=0");
            Server.awaitOpenStreams(server, 0);
        }
    }

    private static Pattern n(int n) {
        return Pattern.compile("^n=" + n + "$");
    }
}
