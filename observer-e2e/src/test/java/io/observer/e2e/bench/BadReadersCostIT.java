package io.observer.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.BadReaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Measures in rounds, every other one with the bad clients, so that whatever else the machine does meets both alike. The
 * bound is wide: what is looked for here is a server that waits for one of them, not a microsecond.
 */
@Tag("long")
@Isolated
@DisplayName("What clients that stop, trickle or never ask cost the others")
class BadReadersCostIT {

    private static final int READERS = 50;
    private static final int RATE = 200;
    private static final int SECONDS = 2;
    private static final int ROUNDS = 15;
    private static final Pattern DROPPED = Pattern.compile("(?m)^observer_bus_dropped_total (\\S+)$");

    @Test
    void is_less_than_double_of_the_time_within_which_99_of_100_events_come() throws Exception {
        try (ServerProcess server = ServerProcess.start("memory");
                Target target = Target.open(BenchOptions.parse("--url=" + server.url()));
                ClientLoop loop = new ClientLoop()) {
            String job = Payload.newJob();
            SseReaders good = new SseReaders(loop, target, Subscription.live(job), READERS);
            EventPublisher publisher = new EventPublisher(loop, target, job);
            SteadyRate steady = new SteadyRate(loop, good, publisher, RATE);
            good.open();
            steady.publish(5 * SECONDS * RATE);

            List<Double> alone = new ArrayList<>();
            List<Double> amongBad = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                flood(target);
                alone.add(millis(steady.publish(SECONDS * RATE)));
                try (BadReaders bad = BadReaders.gather(server.url(), 20, 10, 200)) {
                    flood(target);
                    amongBad.add(millis(steady.publish(SECONDS * RATE)));
                }
            }

            Losses losses = good.losses(publisher.lastSequence());
            double ratio = median(amongBad) / median(alone);
            System.out.printf(
                    Locale.ROOT,
                    "p99 of %d readers at %d events/s, median of %d rounds: %.2f ms alone, %.2f ms among bad ones, %.2f times%n",
                    READERS,
                    RATE,
                    ROUNDS,
                    median(alone),
                    median(amongBad),
                    ratio);
            assertThat(losses.faults()).isEmpty();
            assertThat(losses.gaps()).isZero();
            assertThat(dropped(target)).as("what the bad ones did not take").isPositive();
            assertThat(ratio).as("alone %s, among bad ones %s", alone, amongBad).isLessThan(2);
        }
    }

    /** Events of another job, more than the kernel keeps for a reader that does not take them. */
    private static void flood(Target target) throws IOException {
        String event = "{\"event\":\"flood\",\"data\":{\"line\":\"" + "x".repeat(2_000) + "\"}}";
        String events = "[" + String.join(",", Collections.nCopies(400, event)) + "]";
        for (int n = 0; n < 15; n++) {
            target.call("POST", "/v1/events", events);
        }
    }

    private static double dropped(Target target) throws IOException {
        Matcher sample = DROPPED.matcher(target.call("GET", "/metrics", ""));
        assertThat(sample.find()).isTrue();
        return Double.parseDouble(sample.group(1));
    }

    private static double millis(Latencies latencies) {
        return latencies.percentile(99) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
