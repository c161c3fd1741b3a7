package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

@Tag("long")
@DisplayName("Steps of the wall clock change no id, no order and no retention")
class ClockStepIT {

    @TempDir
    private Path root;

    @Test
    void a_day_back_and_a_month_ahead_with_events_kept_for_an_hour() {
        SteppedClock clock =
                SteppedClock.in(root).orElseThrow(() -> new TestAbortedException("libfaketime is not installed"));
        try (ObserverServer server = ObserverServer.start(
                        clock.environment(),
                        "--log=file",
                        "--data-dir=" + root.resolve("data"),
                        "--observer.log.ttl=1h",
                        "--observer.log.segment-bytes=4KB");
                SseRecorder stream = SseRecorder.open(server, "/v1/events/stream?heartbeat=1")) {
            HttpApi api = new HttpApi(server);
            stream.next("hello");
            Instant now = Instant.now();

            publish(api, 50);
            clock.step("-1d");
            awaitTime(api, now.minus(Duration.ofHours(25)), now.minus(Duration.ofHours(23)));
            publish(api, 50);
            clock.step("+30d");
            awaitTime(api, now.plus(Duration.ofDays(29)), now.plus(Duration.ofDays(31)));
            publish(api, 50);

            long last = api.lastId();
            List<Long> all = LongStream.rangeClosed(1, last).boxed().toList();
            assertThat(api.page("limit=1000").required("events").valueStream().map(LogFiles::id))
                    .containsExactlyElementsOf(all);
            assertThat(stream.through(last).stream().filter(SseFrame::isEvent).map(SseFrame::eventId))
                    .containsExactlyElementsOf(all);
            stream.next("heartbeat");
            assertThat(new LogFiles(root.resolve("data")).segments()).hasSizeGreaterThan(3);
        }
    }

    private static void publish(HttpApi api, int events) {
        api.publishLines("{\"event\":\"tick\"}\n".repeat(events));
    }

    /** Waits until the server dates events so. */
    private static void awaitTime(HttpApi api, Instant from, Instant to) {
        Awaitility.await("the step").until(() -> {
            long id = api.publish("{\"event\":\"what.time\"}").required("id").longValue();
            double seconds = api.page("since=" + (id - 1))
                    .required("events")
                    .get(0)
                    .required("timestamp")
                    .doubleValue();
            return from.getEpochSecond() <= seconds && seconds <= to.getEpochSecond();
        });
    }
}
