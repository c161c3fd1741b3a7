package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import io.observer.receive.DaemonSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which daemon is listened to: the settings under {@code observer.daemon}.
 *
 * @param socket null for none
 */
record DaemonProperties(
        @Nullable Path socket,
        @DefaultValue("30s") Duration silence,
        @DefaultValue("10s") Duration answerWithin) {

    private static final int LONGEST_SOCKET_PATH = 107;

    DaemonProperties {
        require(
                socket == null || socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH,
                "daemon.socket",
                "longer",
                "the path of a Unix socket, of at most 107 bytes");
        require(silence.toMillis() >= 100, "daemon.silence", silence, "at least 100ms");
        require(answerWithin.toMillis() >= 100, "daemon.answer-within", answerWithin, "at least 100ms");
    }

    Optional<DaemonSettings> daemon() {
        return Optional.ofNullable(socket)
                .filter(path -> !path.toString().isEmpty())
                .map(path -> new DaemonSettings(path.toAbsolutePath(), silence, answerWithin));
    }
}
