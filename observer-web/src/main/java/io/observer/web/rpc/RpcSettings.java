package io.observer.web.rpc;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How an {@link RpcServer} is reached, and what its clients may hold.
 *
 * @param socket where it listens
 * @param maxConnections connections open at once
 * @param maxStreams streams open at once, those of browsers included
 * @param memory bytes that the answers of all connections may take together
 * @param writeStall how long a client may take nothing while something waits for it
 * @param linger how far apart live events leave at most, while they come one after another
 */
public record RpcSettings(
        Path socket, int maxConnections, int maxStreams, long memory, Duration writeStall, Duration linger) {}
