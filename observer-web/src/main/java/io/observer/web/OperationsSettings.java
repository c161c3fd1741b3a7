package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import io.observer.event.Echo;
import io.observer.operation.OperationSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How observed operations are kept and judged.
 *
 * @param journal null for {@code operations.jsonl} in the data directory; empty to remember only
 * @param webhookUrl who is told of failure clusters; empty for nobody
 */
record OperationsSettings(
        @Nullable String journal,
        @DefaultValue("16MB") DataSize journalBytes,
        @DefaultValue("2") int keptJournals,
        @DefaultValue("2000") int ringSize,
        @DefaultValue("5") int clusterThreshold,
        @DefaultValue("10m") Duration clusterWindow,
        @DefaultValue("") String webhookUrl) {

    private static final Duration LONGEST_WINDOW = Duration.ofHours(24);

    OperationsSettings {
        require(
                journalBytes.compareTo(DataSize.ofKilobytes(4)) >= 0,
                "operations.journal-bytes",
                journalBytes,
                "at least 4KB");
        require(keptJournals >= 1 && keptJournals <= 1_000, "operations.kept-journals", keptJournals, "from 1 to 1000");
        require(ringSize >= 1 && ringSize <= 100_000, "operations.ring-size", ringSize, "from 1 to 100000");
        require(
                clusterThreshold >= 2 && clusterThreshold <= 100,
                "operations.cluster-threshold",
                clusterThreshold,
                "from 2 to 100 failures");
        require(
                clusterWindow.toMillis() >= 1_000 && clusterWindow.compareTo(LONGEST_WINDOW) <= 0,
                "operations.cluster-window",
                clusterWindow,
                "from 1s to 24h");
        webhookOf(webhookUrl);
    }

    OperationSettings in(Path dataDir) {
        Path file = journal == null ? dataDir.resolve("operations.jsonl") : Path.of(journal);
        return new OperationSettings(
                "".equals(journal) ? null : file,
                journalBytes.toBytes(),
                keptJournals,
                ringSize,
                clusterThreshold,
                clusterWindow);
    }

    Optional<URI> webhook() {
        return webhookOf(webhookUrl);
    }

    private static Optional<URI> webhookOf(String url) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        URI uri = parse(url);
        require(
                uri != null && canBeCalled(uri),
                "operations.webhook-url",
                "'" + Echo.of(url) + "'",
                "a URL such as http://127.0.0.1:8080/alerts, or empty for none");
        return Optional.ofNullable(uri);
    }

    private static boolean canBeCalled(URI uri) {
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        return http && uri.getHost() != null && uri.getUserInfo() == null;
    }

    private static @Nullable URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            return null;
        }
    }
}
