package io.observer.e2e.clients;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The page at {@code /}. */
class PageIT {

    @Test
    void shows_events_as_they_are_published_and_takes_none_of_them_for_markup() {
        List<String> complaints = new CopyOnWriteArrayList<>();
        try (BrowserSession browser = BrowserSession.open();
                ObserverServer server = ObserverServer.start()) {
            SsePublisher publisher = new SsePublisher(server);
            Page page = browser.page();
            page.onConsoleMessage(message -> {
                if (List.of("error", "warning").contains(message.type())) {
                    complaints.add(message.text() + ", " + message.location());
                }
            });
            page.onPageError(complaints::add);
            page.addInitScript("""
                    window.violations = [];
                    document.addEventListener('securitypolicyviolation',
                        e => violations.push(e.violatedDirective + ' ' + e.blockedURI));""");

            page.waitForResponse(
                    response -> response.url().contains("/v1/events/stream"), () -> page.navigate(server.url() + "/"));
            publisher.publish("build-7", "observer.file_modified", "{\"path\":\"src/A.java\"}");
            assertThat(page.locator("body")).containsText("build-7");
            assertThat(page.locator("body")).containsText("observer.file_modified");
            assertThat(page.locator("body")).containsText("src/A.java");

            publisher.publish(
                    "build-7", "log.line", "{\"line\":\"<img src=x onerror='window.harmed=true'><b id=bold>b</b>\"}");
            assertThat(page.locator("body")).containsText("<img src=x onerror='window.harmed=true'><b id=bold>b</b>");
            assertThat(page.locator("#bold")).hasCount(0);
            assertThat(page.locator("img[src=x]")).hasCount(0);

            assertThat(page.evaluate("window.harmed === undefined")).isEqualTo(true);
            assertThat((List<?>) page.evaluate("violations")).isEmpty();
            assertThat(complaints).isEmpty();
        }
    }
}
