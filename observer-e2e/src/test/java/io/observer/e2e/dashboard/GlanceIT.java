package io.observer.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first tab beside a job's timeline: how it stands, what failed, its sheets and runs. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class GlanceIT {

    @Test
    void tells_what_failed_and_how_runs_and_sheets_went_further_back_than_the_timeline_is_loaded(
            BrowserSession browser, ObserverServer server) {
        SsePublisher publisher = new SsePublisher(server);
        publisher.publishAll(List.of(
                event(0, "job.started", "null"),
                event(1, "sheet.started", "{\"name\":\"compile\"}"),
                event(1, "sheet.completed", "null"),
                event(2, "sheet.started", "{\"name\":\"tests\"}"),
                event(2, "observer.process_exited", "{\"pid\":7,\"role\":\"pytest\",\"exit_code\":1}"),
                event(2, "observer.process_exited", "{\"pid\":8,\"role\":\"sh\",\"exit_code\":0}"),
                event(2, "sheet.failed", "{\"attempt\":1}"),
                event(0, "job.failed", "{\"exit_code\":3}"),
                event(0, "job.resuming", "null")));
        publisher.publish("glance", 1, 4000);
        try (Tab tab = Tab.in(browser.tab())) {
            tab.open(server.url(), "/jobs/glance");
            assertThat(tab.find(".shown")).hasText("2,500 loaded");

            assertThat(tab.find(".glance .marks li bdi")).hasText(new String[] {
                "job.failed exit_code=3", "sheet.failed attempt=1", "pytest exited (pid 7, code 1)"
            });
            assertThat(tab.find(".steps").first().locator("tr")).containsText(new String[] {"1 compile", "2 tests"});
            assertThat(tab.find(".steps").first().locator(".state")).hasText(new String[] {"completed", "failed"});
            assertThat(tab.find(".steps").last().locator(".state")).hasText(new String[] {"running", "failed"});
            assertThat(tab.find(".crumb")).containsText("3 failures");

            publisher.publish("glance", "other.failed", "{\"why\":\"disk\"}");
            assertThat(tab.find(".glance .marks li bdi").first()).hasText("other.failed why=disk");

            tab.find(".steps").first().locator("button").nth(1).click();
            assertThat(tab.find(".row[aria-selected=true]")).containsText("name=tests");
            tab.find(".tabs >> text=Job").click();
            tab.find(".glance .marks button").nth(1).click();
            assertThat(tab.find(".row[aria-selected=true]")).containsText("job.failed");
            assertThat(tab.find(".row[aria-selected=true]")).isInViewport();
            assertThat(tab.find(".details h2")).hasText("job.failed");
        }
    }

    private static String event(int sheet, String name, String data) {
        return "{\"job_id\":\"glance\",\"sheet_num\":%d,\"event\":\"%s\",\"data\":%s}".formatted(sheet, name, data);
    }
}
