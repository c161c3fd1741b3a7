package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SsePublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A job page with a hundred thousand events, and one to which a thousand come each second. */
@Tag("long")
@Isolated
class SpeedIT {

    private static final int EVENTS = 100_000;

    @Test
    void a_hundred_thousand_events_scroll_without_work_that_takes_longer_than_a_frame() {
        try (BrowserSession browser = BrowserSession.open();
                ObserverServer server = ObserverServer.start("--log", "file");
                Tab tab = Tab.in(browser.page())) {
            SsePublisher publisher = new SsePublisher(server);
            for (int n = 0; n < EVENTS; n += 5_000) {
                publisher.publish("large", n + 1, n + 5_000);
            }
            tab.open(server.url(), "/jobs/large");
            assertThat(tab.row("n=" + EVENTS)).isVisible();
            tab.press("g");
            assertThat(tab.find(".shown")).hasText("100,000 loaded", new HasTextOptions().setTimeout(120_000));

            // Time that one step of scrolling costs the page, whatever the machine's screen can show.
            Object p95 = tab.page().evaluate("""
                    async () => {
                      const list = document.querySelector('.timeline');
                      const costs = [];
                      for (let i = 0; i < 300; i++) {
                        list.scrollTop = (i * 7919 * 24) % (list.scrollHeight - list.clientHeight);
                        const from = performance.now();
                        list.dispatchEvent(new Event('scroll'));
                        list.offsetHeight;
                        costs.push(performance.now() - from);
                        await new Promise(requestAnimationFrame);
                      }
                      return costs.sort((a, b) => a - b)[285];
                    }""");
            assertThat(((Number) p95).doubleValue()).isLessThan(16.6);
        }
    }

    @Test
    void of_more_events_than_a_page_holds_it_keeps_the_newest_and_says_so() {
        try (BrowserSession browser = BrowserSession.open();
                ObserverServer server = ObserverServer.start("--log", "file");
                Tab tab = Tab.in(browser.page())) {
            SsePublisher publisher = new SsePublisher(server);
            for (int n = 5_000; n <= 115_000; n += 5_000) {
                publisher.publish("endless", n - 4_999, n);
            }
            tab.open(server.url(), "/jobs/endless");
            assertThat(tab.row("n=115000")).isVisible();
            tab.press("g");
            assertThat(tab.find(".shown")).hasText("115,000 loaded", new HasTextOptions().setTimeout(120_000));
            tab.press("f");

            for (int n = 115_500; n <= 125_000; n += 500) {
                publisher.publish("endless", n - 499, n);
                assertThat(tab.find(".facts")).containsText("%,d events".formatted(n));
            }

            assertThat(tab.row("n=125000")).isVisible();
            assertThat(tab.find(".shown")).hasText(Pattern.compile("11[0-9],[0-9]{3} loaded"));
            assertThat(tab.find(".missed")).hasCount(0);
            tab.press("g");
            assertThat(tab.find(".beginning")).hasText("This page keeps 120,000 events; filter to look further back");
            assertThat(tab.find(".beginning")).isInViewport();
        }
    }

    @Test
    void a_thousand_events_a_second_leave_the_page_responsive() throws InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (BrowserSession browser = BrowserSession.open();
                ObserverServer server = ObserverServer.start("--log", "file");
                Tab tab = Tab.in(browser.page())) {
            SsePublisher publisher = new SsePublisher(server);
            tab.open(server.url(), "/jobs/fast");
            assertThat(tab.phase()).hasText("Live");
            tab.page().evaluate("""
                    () => {
                      window.delays = [];
                      let due = performance.now() + 20;
                      const tick = () => {
                        delays.push(Math.max(0, performance.now() - due));
                        due = performance.now() + 20;
                        setTimeout(tick, 20);
                      };
                      setTimeout(tick, 20);
                    }""");
            AtomicInteger sent = new AtomicInteger();
            clock.scheduleAtFixedRate(
                    () -> publisher.publish("fast", sent.get() + 1, sent.addAndGet(50)), 0, 50, TimeUnit.MILLISECONDS);
            tab.page().waitForTimeout(Duration.ofSeconds(15).toMillis());
            clock.shutdown();
            assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

            assertThat(tab.row("n=" + sent.get())).isVisible();
            List<?> delays = (List<?>) tab.page().evaluate("delays");
            double[] sorted = delays.stream()
                    .mapToDouble(d -> ((Number) d).doubleValue())
                    .sorted()
                    .toArray();
            assertThat(sorted[sorted.length * 95 / 100])
                    .as("delay of a timer, p95, ms")
                    .isLessThan(50);
            assertThat(sent.get()).isGreaterThan(10_000);
        } finally {
            clock.shutdownNow();
        }
    }
}
