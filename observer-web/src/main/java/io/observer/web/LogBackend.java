package io.observer.web;

import io.observer.event.Echo;
import java.util.Locale;

/** The places a log can be kept in, by the names that the setting takes. */
enum LogBackend {
    FILE,
    MEMORY,
    REDIS,
    DISABLED;

    /** The backend called {@code name}; {@code off} and {@code none} mean {@code disabled}. */
    static LogBackend of(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "file" -> FILE;
            case "memory" -> MEMORY;
            case "redis" -> REDIS;
            case "disabled", "off", "none" -> DISABLED;
            default ->
                throw new IllegalArgumentException("observer.log.backend is '" + Echo.of(name)
                        + "' but must be one of file, memory, redis, disabled");
        };
    }
}
