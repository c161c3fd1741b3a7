package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseProxy;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chromium's own {@code EventSource}. */
class BrowserIT {

    private static BrowserSession browser;
    private static ObserverServer server;
    private static SsePublisher publisher;

    private SseProxy proxy;
    private Page page;

    @BeforeAll
    static void start() {
        browser = BrowserSession.open();
        server = ObserverServer.start();
        publisher = new SsePublisher(server);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        proxy = SseProxy.before(server);
        page = browser.emptyPageOf(proxy.url());
    }

    @AfterEach
    void close() {
        page.close();
        proxy.close();
    }

    @Test
    void comes_back_by_itself_after_each_cut_and_has_lost_and_doubled_nothing() {
        openEventSource("/v1/jobs/cut/events/stream", "log.line");
        awaitTrue("() => seen.includes('hello')");
        List<Published> all = new ArrayList<>(publisher.publish("cut", 1, 20));
        awaitIds(all);

        proxy.cut();
        all.addAll(publisher.publish("cut", 21, 60));
        awaitIds(all);
        assertThat(proxy.lastEventIds()).containsExactly(all.get(19).cursor());

        // This time with events on their way to it.
        all.addAll(publisher.publish("cut", 61, 200));
        proxy.cut();
        all.addAll(publisher.publish("cut", 201, 240));
        awaitIds(all);
        assertThat(proxy.lastEventIds()).hasSize(2);

        all.add(publisher.publish("cut", 241));
        awaitIds(all);
        assertThat(page.evaluate("data[0]")).isEqualTo(all.get(0).json());
        assertThat(page.evaluate("data[data.length - 1]"))
                .isEqualTo(all.get(all.size() - 1).json());
        assertThat(page.evaluate("seen.filter(name => name === 'gap').length")).isEqualTo(0);
    }

    @Test
    void stops_for_good_when_its_job_has_finished() {
        openEventSource("/v1/jobs/finished/events/stream", "job.completed");
        awaitTrue("() => seen.includes('hello')");

        Published completed = publisher.publish("finished", "job.completed", "null");
        awaitTrue("() => seen.includes('job_finished')");
        // The end of the stream makes it come back; 204 is what tells it not to.
        awaitTrue("() => source.readyState === EventSource.CLOSED");

        assertThat(page.evaluate("ids")).isEqualTo(List.of(completed.cursor()));
        assertThat(page.evaluate("seen.filter(name => name === 'job_finished').length"))
                .isEqualTo(1);
        assertThat(proxy.lastEventIds()).hasSize(1);
        assertThat(proxy.answered()).contains("HTTP/1.1 204");
    }

    @Test
    void gets_nameless_events_as_messages() {
        openEventSource("/v1/jobs/messages/events/stream?names=off", "message");
        awaitTrue("() => seen.includes('hello')");

        List<Published> all = publisher.publish("messages", 1, 5);

        awaitIds(all);
    }

    /** Opens {@code source}; {@code seen} gets names, {@code ids} and {@code data} what events of one name bring. */
    private void openEventSource(String stream, String event) {
        page.evaluate("""
                ([stream, event]) => {
                  window.seen = [];
                  window.ids = [];
                  window.data = [];
                  window.source = new EventSource(stream);
                  for (const name of [event, 'hello', 'gap', 'job_finished']) {
                    source.addEventListener(name, e => seen.push(name));
                  }
                  source.addEventListener(event, e => {
                    ids.push(e.lastEventId);
                    data.push(e.data);
                  });
                }""", List.of(stream, event));
    }

    private void awaitIds(List<Published> events) {
        awaitTrue("() => ids.length >= " + events.size());
        assertThat(page.evaluate("ids"))
                .isEqualTo(events.stream().map(Published::cursor).toList());
    }

    private void awaitTrue(String condition) {
        page.waitForFunction(condition);
    }
}
