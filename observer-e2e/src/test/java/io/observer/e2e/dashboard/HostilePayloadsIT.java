package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Payloads are text, whatever they look like and however much they are. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class HostilePayloadsIT {

    @Test
    void nothing_of_a_payload_is_markup_or_direction_and_the_largest_ones_open(
            BrowserSession browser, ObserverServer server) {
        String markup = "<img src=x onerror='window.harmed=true'><b id=bold>b</b>";
        try (Tab tab = Tab.in(browser.tab());
                Tab overview = tab.beside()) {
            SsePublisher publisher = new SsePublisher(server);
            publisher.publish("hostile", "log.line", "{\"line\":\"" + markup + "\"}");
            publisher.publish("hostile", "observer.file_created", "{\"path\":\"a\\u202etxt.exe\\u0007\"}");
            publisher.publish("hostile", "big.text", "{\"text\":\"" + "x".repeat(200_000) + "\"}");
            publisher.publish("hostile", "big.object", "{" + members(10_000) + "}");
            publisher.publish("hostile", "big.depth", "{\"a\":" + "[".repeat(60) + "]".repeat(60) + "}");
            publisher.publish(
                    "hostile", "odd.keys", "{\"__proto__\":{\"a\":1},\"constructor\":2,\"" + markup + "\":3}");
            tab.open(server.url(), "/jobs/hostile");
            overview.open(server.url(), "/");

            assertThat(tab.row(markup).first()).isVisible();
            assertThat(tab.row("created a\\u202etxt.exe\\u0007")).isVisible();
            assertThat(overview.job("hostile")).containsText("__proto__={…}");
            tab.page().bringToFront();

            tab.row("big.text").click();
            assertThat(tab.find(".tree .v-string")).hasText("x".repeat(2000));
            tab.button("Show all 200,000 characters").click();
            tab.page().waitForFunction("document.querySelector('.tree .v-string').textContent === 'x'.repeat(200_000)");

            tab.row("big.object").click();
            assertThat(tab.find(".tree .leaf")).hasCount(100);
            tab.button("Show 1,000 more").click();
            assertThat(tab.find(".tree .leaf")).hasCount(1_100);

            tab.row("big.depth").click();
            assertThat(tab.find(".tree summary")).hasCount(3);

            tab.row("odd.keys").click();
            assertThat(tab.find(".tree")).containsText(markup);
            assertThat(tab.find(".tree")).containsText("__proto__");
            assertThat(tab.find("#bold, img[src=x]")).hasCount(0);
            assertThat(tab.page().evaluate("window.harmed === undefined && ({}).a === undefined"))
                    .isEqualTo(true);
        }
    }

    @Test
    void events_with_known_names_and_data_that_nobody_expects_are_text_and_cost_no_other_event(
            BrowserSession browser, ObserverServer server) {
        List<String> names = List.of(
                "job.started",
                "job.failed",
                "sheet.started",
                "sheet.constructor",
                "constructor",
                "log.line",
                "monitor.anomaly",
                "baton.instrument.fallback",
                "operation.observed",
                "operation.failure_cluster",
                "observer.file_created",
                "observer.process_spawned",
                "observer.process_exited");
        String noText = "{\"toString\":1,\"valueOf\":1}";
        List<String> data = List.of(
                "null",
                noText,
                "{\"exit_code\":" + noText + "}",
                "{\"source\":" + noText + ",\"endpoint\":" + noText + ",\"error\":" + noText + "}",
                "{\"path\":" + noText + ",\"line\":" + noText + ",\"description\":" + noText + "}",
                "{\"name\":" + noText + ",\"role\":" + noText + ",\"pid\":" + noText + "}");
        List<String> events = new ArrayList<>();
        names.forEach(name -> data.forEach(payload -> events.add(SsePublisher.event("unforeseen", name, payload))));
        events.add(SsePublisher.event("unforeseen", "log.line", "{\"line\":\"behind them\"}"));
        events.add(SsePublisher.event("bystander", "log.line", "{\"line\":\"of another job\"}"));

        try (Tab tab = Tab.in(browser.tab());
                Tab overview = tab.beside()) {
            tab.open(server.url(), "/jobs/unforeseen");
            overview.open(server.url(), "/");
            assertThat(tab.phase()).hasText("Live");
            assertThat(overview.find(".jobs")).hasAttribute("aria-busy", "false");

            new SsePublisher(server).publishAll(events);

            for (String moment : List.of("live", "loaded")) {
                assertThat(tab.row("behind them")).isVisible();
                assertThat(tab.find(".shown")).hasText("79 loaded");
                tab.row("behind them").click();
                assertThat(tab.find(".details")).containsText("behind them");
                assertThat(overview.job("bystander")).containsText("of another job");
                assertThat(overview.job("unforeseen").locator(".failures")).hasText("6");
                assertThat(overview.find(".missed")).hasCount(0);
                if (moment.equals("live")) {
                    tab.page().reload();
                    overview.page().reload();
                }
            }
        }
    }

    @Test
    void a_name_that_no_job_can_have_has_no_page(ObserverServer server) {
        HttpApi api = new HttpApi(server);
        assertThat(api.get("/jobs/..%2f..%2fetc").status()).isEqualTo(400);
        assertThat(api.get("/jobs/-").status()).isEqualTo(400);
        assertThat(api.get("/jobs/build-7").header("Content-Security-Policy")).contains("default-src 'none'");
    }

    private static String members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"key-%d\":%d".formatted(i, i))
                .collect(Collectors.joining(","));
    }
}
