package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard.TypeOptions;
import com.microsoft.playwright.options.BoundingBox;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page at {@code /jobs/{job}}. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class JobPageIT {

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
    void follows_the_end_until_the_reader_scrolls_up_and_then_counts_what_is_new() {
        publisher.publish("follow", 1, 100);
        tab.open(server.url(), "/jobs/follow");
        assertThat(tab.row("n=100")).isInViewport();
        publisher.publish("follow", 101, 120);
        assertThat(tab.row("n=120")).isInViewport();

        tab.find(".timeline").hover();
        tab.page().mouse().wheel(0, -400);
        assertThat(tab.button("↓ Follow")).isVisible();
        publisher.publish("follow", 121, 123);
        assertThat(tab.button("↓ 3 new")).isVisible();
        assertThat(tab.row("n=123")).not().isInViewport();

        tab.press("f");
        assertThat(tab.row("n=123")).isInViewport();
        assertThat(tab.find(".below")).hasCount(0);
    }

    @Test
    void loads_older_events_when_the_reader_scrolls_back_until_the_job_begins() {
        publisher.publish("long", 1, 3000);
        publisher.publish("long", 3001, 6000);
        tab.open(server.url(), "/jobs/long");
        assertThat(tab.row("n=6000")).isInViewport();
        assertThat(tab.find(".shown")).hasText("2,500 loaded");

        tab.press("g");
        assertThat(tab.find(".shown")).hasText("6,000 loaded");
        assertThat(tab.rows().first()).containsText("log.line");
        assertThat(tab.find(".row:not([hidden])[aria-posinset='1']")).containsText("n=1");
        assertThat(tab.find(".beginning")).isVisible();
    }

    @Test
    void filters_by_family_sheet_glob_path_and_text() {
        publisher.publish("filter", "job.started", "null");
        publisher.publish("filter", "observer.file_created", "{\"path\":\"src/A.java\"}");
        publisher.publish("filter", "observer.file_created", "{\"path\":\"docs/a.md\"}");
        publisher.publish("filter", "log.line", "{\"line\":\"compiling A\"}");
        publisher.publishAll(List.of(
                "{\"job_id\":\"filter\",\"sheet_num\":2,\"event\":\"sheet.started\",\"data\":{\"name\":\"tests\"}}",
                "{\"job_id\":\"filter\",\"sheet_num\":3,\"event\":\"sheet.started\",\"data\":{\"name\":\"report\"}}"));
        tab.open(server.url(), "/jobs/filter");
        assertThat(tab.rows()).hasCount(6);

        tab.find(".chip[data-family=file]").click();
        assertThat(tab.rows()).hasCount(2);
        tab.find(".chip[data-family=file]").click();
        tab.button("sheet 2").click();
        assertThat(tab.rows()).hasText(new Pattern[] {Pattern.compile(".*name=tests")});
        tab.button("sheet 2").click();

        tab.filter("Event glob").fill("*.file_*,job.*");
        assertThat(tab.rows()).hasCount(3);
        tab.filter("Path glob").fill("*.java");
        assertThat(tab.rows()).hasCount(1);
        tab.button("Clear filters").click();
        assertThat(tab.rows()).hasCount(6);

        tab.press("/");
        // Slowly enough for the page to be drawn in between.
        tab.page().keyboard().type("COMPILING", new TypeOptions().setDelay(130));
        assertThat(tab.filter("Text")).hasValue("COMPILING");
        assertThat(tab.rows()).hasCount(1);
        assertThat(tab.find(".shown")).hasText("1 of 6 loaded");
        publisher.publish("filter", "log.line", "{\"line\":\"still compiling\"}");
        publisher.publish("filter", "log.line", "{\"line\":\"something else\"}");
        assertThat(tab.find(".shown")).hasText("2 of 8 loaded");
    }

    @Test
    void keeps_every_letter_that_is_typed_while_the_page_is_drawn_late() {
        publisher.publish("typed", "log.line", "{\"line\":\"compiling A\"}");
        publisher.publish("typed", "log.line", "{\"line\":\"done\"}");
        tab.page().addInitScript("""
                const frame = window.requestAnimationFrame;
                window.requestAnimationFrame = (draw) => frame((time) => setTimeout(() => draw(time), 250));""");
        tab.open(server.url(), "/jobs/typed");
        assertThat(tab.rows()).hasCount(2);

        assertThat(tab.filter("Text")).isVisible();
        tab.press("/");
        tab.page().keyboard().type("compiling", new TypeOptions().setDelay(200));
        assertThat(tab.filter("Text")).hasValue("compiling");
        assertThat(tab.rows()).hasCount(1);
        tab.button("Clear filters").click();
        assertThat(tab.filter("Text")).hasValue("");
        assertThat(tab.rows()).hasCount(2);
    }

    @Test
    void asks_the_server_for_a_glob_that_reaches_further_back_than_what_is_loaded() {
        Published first = publisher.publish("rare", "job.started", "{\"n\":0}");
        publisher.publish("rare", 1, 5000);
        tab.open(server.url(), "/jobs/rare");
        assertThat(tab.row("n=5000")).isInViewport();

        tab.filter("Event glob").fill("job.*");

        assertThat(tab.rows()).hasCount(1);
        tab.rows().click();
        assertThat(tab.page()).hasURL(Pattern.compile(".*#" + first.id()));
    }

    @Test
    void refuses_a_glob_that_is_none_and_says_what_would_be_one() {
        publisher.publish("glob", 1, 3);
        tab.open(server.url(), "/jobs/glob");
        tab.filter("Event glob").fill("log line!");

        assertThat(tab.filter("Event glob")).hasAttribute("aria-invalid", "true");
        assertThat(tab.find(".shown")).hasText("At most 16 globs of letters, digits and . _ - * ? with commas between");
    }

    @Test
    void shows_all_of_an_event_as_a_tree_with_a_link_and_a_curl_that_works() {
        publisher.publish("tree", 1, 30);
        Published deep = publisher.publish("tree", "deep.thing", "{\"a\":{\"b\":[1,{\"c\":\"d\"}]},\"n\":null}");
        tab.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        tab.open(server.url(), "/jobs/tree#" + deep.id());

        assertThat(tab.find(".details h2")).hasText("deep.thing");
        assertThat(tab.find(".tree")).containsText("2 items");
        assertThat(tab.find(".tree")).not().containsText("\"d\"");
        assertThat(tab.find(".row[aria-selected=true]")).containsText("deep.thing");
        tab.find(".tree summary:has-text('b:')").click();
        tab.find(".tree summary:has-text('1:')").click();
        assertThat(tab.find(".tree")).containsText("c: d");

        tab.button("Copy as curl").click();
        assertThat(tab.button("Copied")).isVisible();
        String curl = (String) tab.page().evaluate("navigator.clipboard.readText()");
        assertThat(curl).startsWith("curl 'http://");
        URI address = URI.create(curl.substring("curl '".length(), curl.length() - 1));
        assertThat(new HttpApi(server)
                        .get(address.getRawPath() + "?" + address.getRawQuery())
                        .text())
                .startsWith("{\"events\":[" + deep.json() + "]");

        tab.press("k");
        assertThat(tab.find(".details")).containsText("log.line");
        tab.press("Escape");
        assertThat(tab.find(".details")).hasCount(0);
    }

    @Test
    void colours_log_lines_as_a_terminal_would() {
        publisher.publish(
                "ansi", "log.line", "{\"line\":\"\\u001b[1;31mFAIL\\u001b[0m one \\u001b[38;5;46mtwo\\u001b[2K\"}");
        tab.open(server.url(), "/jobs/ansi");

        assertThat(tab.find(".row .ansi-b.ansi-1")).hasText("FAIL");
        assertThat(tab.find(".row .ansi-10")).hasText("two");
        assertThat(tab.rows().locator(".says")).hasText("FAIL one two");
    }

    @Test
    void groups_file_activity_by_path_and_filters_by_the_path_that_is_picked() {
        publisher.publish("paths", "observer.file_created", "{\"path\":\"src/A.java\"}");
        publisher.publish("paths", "observer.file_modified", "{\"path\":\"src/A.java\"}");
        publisher.publish("paths", "observer.file_modified", "{\"path\":\"src/A.java\"}");
        publisher.publish("paths", "observer.file_deleted", "{\"path\":\"src/B.java\"}");
        publisher.publish("paths", "observer.file_path", "{\"path\":\"no/change.txt\"}");
        tab.open(server.url(), "/jobs/paths");
        assertThat(tab.rows()).hasCount(5);

        tab.find(".tabs >> text=Files").click();
        assertThat(tab.find(".files tbody tr")).hasCount(2);
        assertThat(tab.find(".files tbody tr:has-text('A.java') td"))
                .hasText(new Pattern[] {any("src/A.java"), any("1"), any("2"), any(""), any(".*")});
        tab.find(".files button:has-text('A.java')").click();
        assertThat(tab.rows()).hasCount(3);
    }

    @Test
    void selects_a_span_of_time_by_a_drag_over_the_histogram_and_jumps_by_a_click() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add("{\"job_id\":\"brush\",\"event\":\"log.line\",\"data\":{\"n\":%d},\"timestamp\":%d}"
                    .formatted(i, 1_732_152_000 + i));
        }
        publisher.publishAll(lines);
        tab.open(server.url(), "/jobs/brush");
        assertThat(tab.find(".shown")).hasText("300 loaded");
        assertThat(tab.row("n=299")).isInViewport();
        BoundingBox box = tab.find(".histogram canvas").boundingBox();

        tab.page().mouse().click(box.x + box.width * 0.1, box.y + 20);
        assertThat(tab.row("n=31")).isInViewport();

        tab.page().mouse().move(box.x + box.width * 0.5, box.y + 20);
        tab.page().mouse().down();
        tab.page().mouse().move(box.x + box.width * 0.6, box.y + 20);
        tab.page().mouse().up();
        assertThat(tab.find(".shown")).hasText(Pattern.compile("(29|30|31) of 300 loaded"));
        assertThat(tab.rows().first()).containsText(Pattern.compile("n=1(49|50|51)"));
    }

    @Test
    void draws_a_lane_for_each_sheet_that_runs_beside_others() {
        publisher.publishAll(List.of(
                sheet(1, "sheet.started"),
                sheet(2, "sheet.started"),
                sheet(1, "sheet.completed"),
                sheet(3, "sheet.started"),
                sheet(2, "sheet.completed"),
                sheet(3, "sheet.completed")));
        tab.open(server.url(), "/jobs/lanes");
        assertThat(tab.rows()).hasCount(6);

        // The third sheet takes the lane that the first has left.
        assertThat(tab.find(".timeline")).hasAttribute("data-lanes", "2");
        assertThat(tab.find("[aria-posinset='4'] .lanes i.here")).hasAttribute("data-lane", "2");
        assertThat(tab.find("[aria-posinset='4'] .lanes i.on")).hasAttribute("data-lane", "1");
    }

    @Test
    void shows_the_result_of_a_finished_job_and_its_going_on_when_it_is_resumed() {
        publisher.publish("done", "job.started", "null");
        tab.open(server.url(), "/jobs/done");
        assertThat(tab.find(".crumb")).containsText("running");

        publisher.publish("done", "job.failed", "{\"exit_code\":3}");
        assertThat(tab.find(".crumb .state")).hasText("failed");
        assertThat(tab.find(".crumb")).containsText("exit_code=3");

        publisher.publish("done", "job.resuming", "null");
        assertThat(tab.find(".crumb .state")).hasText("running");
    }

    @Test
    void waits_for_a_job_that_nobody_has_seen() {
        tab.open(server.url(), "/jobs/later");
        assertThat(tab.find(".empty")).containsText("No event of this job was seen so far. The page waits for it.");

        publisher.publish("later", 1);
        assertThat(tab.row("n=1")).isVisible();
    }

    private static String sheet(int sheet, String event) {
        return "{\"job_id\":\"lanes\",\"sheet_num\":%d,\"event\":\"%s\"}".formatted(sheet, event);
    }

    private static Pattern any(String regex) {
        return Pattern.compile("^" + regex + "$", Pattern.DOTALL);
    }
}
