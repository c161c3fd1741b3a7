package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many tabs of one browser, which opens no more than six connections to a server over HTTP/1.1. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class TabsIT {

    @Test
    void twenty_tabs_are_live_on_one_connection_until_the_last_is_closed(
            BrowserSession browser, ObserverServer server) {
        SsePublisher publisher = new SsePublisher(server);
        publisher.publish("even", 0);
        publisher.publish("odd", 0);
        List<Tab> tabs = new ArrayList<>();
        tabs.add(Tab.in(browser.page()).open(server.url(), "/"));
        for (int i = 1; i < 20; i++) {
            tabs.add(tabs.get(0).beside().open(server.url(), i % 2 == 0 ? "/jobs/even" : "/jobs/odd"));
        }

        publisher.publish("even", 2);
        publisher.publish("odd", 3);

        assertThat(tabs.get(0).job("odd")).containsText("n=3");
        for (int i = 1; i < 20; i++) {
            assertThat(tabs.get(i).row(i % 2 == 0 ? "n=2" : "n=3")).isVisible();
            assertThat(tabs.get(i).rows()).hasCount(2);
        }
        Server.awaitOpenStreams(server, 1);
        tabs.forEach(Tab::close);
        Server.awaitOpenStreams(server, 0);
    }
}
