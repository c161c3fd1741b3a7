package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
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
