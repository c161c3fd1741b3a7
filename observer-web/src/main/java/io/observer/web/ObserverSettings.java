package io.observer.web;

import io.observer.log.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** All settings, under {@code observer.}; see {@code docs/settings.md}. A value out of bounds stops the start. */
@ConfigurationProperties(prefix = "observer", ignoreUnknownFields = false)
record ObserverSettings(
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("3219") int port,
        @DefaultValue("./observer-data") Path dataDir,
        @DefaultValue Log log,
        @DefaultValue Bus bus,
        @DefaultValue Stream stream,
        @DefaultValue Security security) {

    ObserverSettings {
        require(port >= 0 && port <= 65_535, "port", port, "a port from 0 (any free one) to 65535");
    }

    /** Where events are kept. */
    record Log(
            @DefaultValue("memory") String backend,
            @DefaultValue("1h") Duration ttl,
            @DefaultValue("10000") int maxEntries,
            @DefaultValue("256MB") DataSize maxBytes,
            @DefaultValue("100000") int maxQueue,
            @DefaultValue("10000") int maxJobs) {

        Log {
            LogBackend.of(backend);
            require(maxEntries <= 10_000_000, "log.max-entries", maxEntries, "at most 10000000 (0 for the default)");
            require(maxQueue >= 10_000, "log.max-queue", maxQueue, "at least 10000, the largest batch");
            require(maxJobs >= 10, "log.max-jobs", maxJobs, "at least 10");
        }

        Retention retention() {
            return new Retention(ttl, maxEntries, maxBytes.toBytes());
        }
    }

    /** What waits for one subscriber. */
    record Bus(@DefaultValue("1000") int maxQueueSize) {

        Bus {
            require(maxQueueSize >= 100, "bus.max-queue-size", maxQueueSize, "at least 100 events");
        }
    }

    /** How streams behave. */
    record Stream(
            @DefaultValue("30s") Duration heartbeat,
            @DefaultValue("1MB") DataSize queueBytes,
            @DefaultValue("30s") Duration writeStall,
            @DefaultValue("10000") int maxConnections) {

        Stream {
            require(
                    heartbeat.toMillis() >= 1_000 && heartbeat.toSeconds() <= 300,
                    "stream.heartbeat",
                    heartbeat,
                    "from 1s to 300s");
            require(queueBytes.toBytes() >= 4_096, "stream.queue-bytes", queueBytes, "at least 4096");
            require(writeStall.toMillis() >= 1_000, "stream.write-stall", writeStall, "at least 1s");
            require(maxConnections >= 1, "stream.max-connections", maxConnections, "at least 1");
        }
    }

    /** Who may talk to the server. */
    record Security(
            @DefaultValue List<String> allowedHosts,
            @DefaultValue List<String> allowedOrigins) {}

    private static void require(boolean fits, String key, Object value, String accepted) {
        if (!fits) {
            throw new IllegalArgumentException("observer." + key + " is " + value + " but must be " + accepted);
        }
    }
}
