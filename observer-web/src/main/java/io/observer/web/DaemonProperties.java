package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import io.observer.event.Echo;
import io.observer.receive.DaemonSettings;
import io.observer.web.rpc.RpcSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which daemon is listened to, and where this server is one itself: the settings under {@code observer.daemon}.
 *
 * @param socket null for none
 * @param rpcSocket null for none
 */
record DaemonProperties(
        @Nullable Path socket,
        @DefaultValue("30s") Duration silence,
        @DefaultValue("10s") Duration answerWithin,
        @Nullable Path rpcSocket,
        @DefaultValue("2000") int rpcMaxConnections,
        @DefaultValue("64MB") DataSize rpcMemory) {

    private static final int LONGEST_SOCKET_PATH = 107;
    private static final DataSize LEAST_MEMORY = DataSize.ofMegabytes(2);
    private static final String POSITION = "daemon-position";

    DaemonProperties {
        socket = place("daemon.socket", socket);
        rpcSocket = place("daemon.rpc-socket", rpcSocket);
        require(
                socket == null || !socket.equals(rpcSocket),
                "daemon.rpc-socket",
                Echo.of(String.valueOf(rpcSocket)),
                "another than daemon.socket, or the server would listen to itself");
        require(silence.toMillis() >= 100, "daemon.silence", silence, "at least 100ms");
        require(answerWithin.toMillis() >= 100, "daemon.answer-within", answerWithin, "at least 100ms");
        require(rpcMaxConnections >= 1, "daemon.rpc-max-connections", rpcMaxConnections, "at least 1");
        require(rpcMemory.compareTo(LEAST_MEMORY) >= 0, "daemon.rpc-memory", rpcMemory, "at least 2MB");
    }

    Optional<DaemonSettings> daemon(Path dataDir) {
        return Optional.ofNullable(socket)
                .map(path -> new DaemonSettings(path, silence, answerWithin, dataDir.resolve(POSITION)));
    }

    Optional<RpcSettings> rpc(ObserverSettings.Streams streams) {
        return Optional.ofNullable(rpcSocket)
                .map(path -> new RpcSettings(
                        path,
                        rpcMaxConnections,
                        streams.maxConnections(),
                        rpcMemory.toBytes(),
                        streams.writeStall(),
                        streams.linger()));
    }

    private static @Nullable Path place(String key, @Nullable Path socket) {
        if (socket == null || socket.toString().isEmpty()) {
            return null;
        }
        Path place = socket.toAbsolutePath().normalize();
        require(
                place.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH,
                key,
                "longer",
                "the path of a Unix socket, of at most 107 bytes, directories included");
        return place;
    }
}
