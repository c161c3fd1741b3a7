package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** What clients may take of the server: the settings under {@code observer.http}. */
record HttpProperties(
        @DefaultValue("12000") int maxConnections,
        @DefaultValue("64MB") DataSize bodyBytes,
        @DefaultValue("60s") Duration idleTimeout) {

    /** The largest body that there is has to fit in. */
    private static final DataSize LARGEST_BODY = DataSize.ofMegabytes(8);

    HttpProperties {
        require(maxConnections >= 1, "http.max-connections", maxConnections, "at least 1");
        require(bodyBytes.compareTo(LARGEST_BODY) >= 0, "http.body-bytes", bodyBytes, "at least 8MB, the largest body");
        require(idleTimeout.toMillis() >= 1_000, "http.idle-timeout", idleTimeout, "at least 1s");
    }
}
