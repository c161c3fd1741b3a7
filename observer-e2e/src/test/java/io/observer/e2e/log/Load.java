package io.observer.e2e.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.log.NumberedPublisher.Sent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Three publishers at full speed, each in a form of its own. */
final class Load {

    private final NumberedPublisher singles = NumberedPublisher.ofSingles();
    private final NumberedPublisher arrays = NumberedPublisher.ofArrays();
    private final NumberedPublisher lines;
    private final List<NumberedPublisher> all;

    /** @param mostLines how many lines the largest publish has */
    Load(int mostLines) {
        lines = NumberedPublisher.ofLines(mostLines);
        all = List.of(singles, arrays, lines);
    }

    /** Starts a file log whose readers have so much room that none is ever told of a gap, however busy the machine is. */
    static ObserverServer start(Path dataDir, String... more) {
        return start(Map.of(), dataDir, more);
    }

    /** As {@link #start(Path, String...)}, with variables of the environment. */
    static ObserverServer start(Map<String, String> environment, Path dataDir, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--log=file",
                "--data-dir=" + dataDir,
                "--observer.bus.max-queue-size=1000000",
                "--observer.stream.queue-bytes=256MB"));
        arguments.addAll(Arrays.asList(more));
        return ObserverServer.start(environment, arguments.toArray(String[]::new));
    }

    /** Publishes until the server refuses or is gone; done when every publisher has seen that. */
    CompletableFuture<Void> publishTo(ObserverServer server) {
        return CompletableFuture.allOf(all.stream()
                .map(publisher -> CompletableFuture.runAsync(
                        () -> publisher.publishTo(server), task -> new Thread(task, publisher.job()).start()))
                .toArray(CompletableFuture[]::new));
    }

    /** Waits until each publisher has so many more answers than now. */
    void awaitAccepted(int more) {
        int[] enough =
                all.stream().mapToInt(publisher -> publisher.accepted() + more).toArray();
        Awaitility.await(more + " accepted requests of each publisher")
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    for (int i = 0; i < enough.length; i++) {
                        if (all.get(i).accepted() < enough[i]) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    /** One more request of each publisher, which must be accepted; the last id of all, which is one of {@code lines}. */
    long publishOnce(ObserverServer server) {
        singles.publishOnceTo(server);
        arrays.publishOnceTo(server);
        Sent last = lines.publishOnceTo(server);
        assertThat(last.isAccepted()).as("%s", last).isTrue();
        return last.lastId();
    }

    /** What was sent; to be asked while nobody publishes. */
    List<Sent> sent() {
        return all.stream().flatMap(publisher -> publisher.sent().stream()).toList();
    }
}
