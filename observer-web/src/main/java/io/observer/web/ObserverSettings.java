package io.observer.web;

import io.observer.event.Echo;
import io.observer.log.Durability;
import io.observer.log.FileLogSettings;
import io.observer.log.Retention;
import io.observer.web.guard.AllowedNames;
import io.observer.web.guard.AllowedOrigins;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        @DefaultValue RecorderProperties recorder,
        @DefaultValue Streams stream,
        @DefaultValue HttpProperties http,
        @DefaultValue OperationsSettings operations,
        @DefaultValue DaemonProperties daemon,
        @DefaultValue RedisProperties redis,
        @DefaultValue Security security) {

    ObserverSettings {
        require(port >= 0 && port <= 65_535, "port", port, "a port from 0 (any free one) to 65535");
    }

    /**
     * Where events are kept.
     *
     * @param ttl null for the backend's own: an hour in memory, seven days in files
     * @param maxBytes null for the backend's own: 256 MiB in memory, 1 GiB in files
     */
    record Log(
            @DefaultValue("file") String backend,
            @DefaultValue("process") String durability,
            @Nullable Duration ttl,
            @DefaultValue("10000") int maxEntries,
            @Nullable DataSize maxBytes,
            @DefaultValue("64MB") DataSize segmentBytes,
            @DefaultValue("100000") int maxQueue,
            @DefaultValue("10000") int maxJobs) {

        private static final Duration FILE_TTL = Duration.ofDays(7);
        private static final DataSize FILE_BYTES = DataSize.ofGigabytes(1);
        private static final DataSize MIN_FILE_BYTES = DataSize.ofKilobytes(64);

        Log {
            LogBackend.of(backend);
            durabilityOf(durability);
            require(maxEntries <= 10_000_000, "log.max-entries", maxEntries, "at most 10000000 (0 for the default)");
            require(
                    segmentBytes.compareTo(DataSize.ofKilobytes(4)) >= 0,
                    "log.segment-bytes",
                    segmentBytes,
                    "at least 4KB");
            require(maxQueue >= 10_000, "log.max-queue", maxQueue, "at least 10000, the largest batch");
            require(maxJobs >= 10, "log.max-jobs", maxJobs, "at least 10");
        }

        Retention inMemory() {
            return new Retention(
                    ttl == null ? Retention.DEFAULT.ttl() : ttl,
                    maxEntries,
                    maxBytes == null ? Retention.DEFAULT.maxBytes() : maxBytes.toBytes());
        }

        FileLogSettings inFiles(Path dataDir) {
            Duration age = ttl == null || ttl.isZero() || ttl.isNegative() ? FILE_TTL : ttl;
            DataSize size = maxBytes == null || maxBytes.toBytes() <= 0 ? FILE_BYTES : maxBytes;
            require(size.compareTo(MIN_FILE_BYTES) >= 0, "log.max-bytes", size, "at least 64KB");
            return new FileLogSettings(
                    dataDir.resolve("log"),
                    durabilityOf(durability),
                    age,
                    size.toBytes(),
                    segmentBytes.toBytes(),
                    maxJobs);
        }

        private static Durability durabilityOf(String name) {
            return Stream.of(Durability.values())
                    .filter(durability -> durability.wireName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("observer.log.durability is '" + Echo.of(name)
                            + "' but must be one of process, interval, always"));
        }
    }

    /** What waits for one subscriber. */
    record Bus(@DefaultValue("1000") int maxQueueSize) {

        Bus {
            require(maxQueueSize >= 100, "bus.max-queue-size", maxQueueSize, "at least 100 events");
        }
    }

    /** How streams behave. */
    record Streams(
            @DefaultValue("30s") Duration heartbeat,
            @DefaultValue("1MB") DataSize queueBytes,
            @DefaultValue("30s") Duration writeStall,
            @DefaultValue("20ms") Duration linger,
            @DefaultValue("10000") int maxConnections) {

        Streams {
            require(
                    heartbeat.toMillis() >= 1_000 && heartbeat.toSeconds() <= 300,
                    "stream.heartbeat",
                    heartbeat,
                    "from 1s to 300s");
            require(queueBytes.toBytes() >= 4_096, "stream.queue-bytes", queueBytes, "at least 4096");
            require(writeStall.toMillis() >= 1_000, "stream.write-stall", writeStall, "at least 1s");
            require(!linger.isNegative() && linger.toMillis() <= 1_000, "stream.linger", linger, "from 0ms to 1s");
            require(maxConnections >= 1, "stream.max-connections", maxConnections, "at least 1");
        }
    }

    /**
     * Who may talk to the server.
     *
     * @param open whether everybody who can reach the server may, beyond this machine
     */
    record Security(
            @DefaultValue("false") boolean open,
            @DefaultValue List<String> allowedHosts,
            @DefaultValue List<String> allowedOrigins) {

        Security {
            for (String host : allowedHosts) {
                require(
                        AllowedNames.isName(host),
                        "security.allowed-hosts",
                        "'" + Echo.of(host) + "'",
                        "host names or addresses without a port, such as build.example or [::1]");
            }
            for (String origin : allowedOrigins) {
                require(
                        AllowedOrigins.isOrigin(origin),
                        "security.allowed-origins",
                        "'" + Echo.of(origin) + "'",
                        "origins as browsers send them, such as https://dash.example or http://localhost:8080");
            }
        }
    }

    static void require(boolean fits, String key, Object value, String accepted) {
        if (!fits) {
            throw new IllegalArgumentException("observer." + key + " is " + value + " but must be " + accepted);
        }
    }
}
