package io.observer.log.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes connections to Redis. None of them mends itself: a command that was sent again might be done twice. */
final class RedisConnector {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisPlace place;
    private final String anyKey;
    private final EventLoopGroupProvider loops;
    private final ScheduledExecutorService loop;
    private final ClientResources resources;
    private final RedisClient client;

    RedisConnector(RedisLogSettings settings) {
        this.place = RedisPlace.of(settings);
        this.anyKey = new RedisKeys(settings.prefix()).log();
        this.loops = new DefaultEventLoopGroupProvider(1);
        this.loop = loops.allocate(Transports.eventLoopGroupClass());
        this.resources = ClientResources.builder()
                .eventLoopGroupProvider(loops)
                .computationThreadPoolSize(2)
                .build();
        this.client = RedisClient.create(resources);
        SslOptions.Builder tls = SslOptions.builder();
        if (settings.certificate() != null) {
            tls.trustManager(settings.certificate().toFile());
        }
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                // Of RESP2 answers to XREAD, Lettuce 7.5.2 makes wrong entries when there is more than one.
                .protocolVersion(ProtocolVersion.RESP3)
                .socketOptions(SocketOptions.builder().keepAlive(true).build())
                .sslOptions(tls.build())
                .build());
    }

    /** The one thread that all connections read and write on. */
    ScheduledExecutorService loop() {
        return loop;
    }

    /** For messages: where Redis is, nothing secret. */
    String place() {
        return place.toString();
    }

    /** The server that has the log right now, as far as that is not asked anew with each connection. */
    Mono<RedisURI> locate() {
        RedisURI first = place.nodes().get(0);
        if (!place.cluster()) {
            return Mono.just(first);
        }
        return Flux.fromIterable(place.nodes())
                .concatMap(node -> ownerBy(node).onErrorResume(down -> last(node) ? Mono.error(down) : Mono.empty()))
                .next();
    }

    /** A refusal in the handshake sometimes shows only as the end of the connection: then asking again tells why. */
    Mono<StatefulRedisConnection<String, byte[]>> connect(RedisURI server) {
        return connectOnce(server).onErrorResume(RedisConnector::isEnd, ended -> connectOnce(server));
    }

    private static boolean isEnd(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "Connection closed prematurely".equals(cause.getMessage());
    }

    private Mono<StatefulRedisConnection<String, byte[]>> connectOnce(RedisURI server) {
        return Mono.create(answer -> client.connectAsync(CODEC, server).whenComplete((connection, failure) -> {
            if (failure != null) {
                answer.error(failure);
                return;
            }
            answer.onCancel(() -> close(connection));
            answer.success(connection);
        }));
    }

    /** Does not wait for the end. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static void close(StatefulRedisConnection<String, byte[]> connection) {
        connection.closeAsync();
    }

    void close() {
        client.shutdownAsync(0, 1, TimeUnit.SECONDS)
                .thenRun(() -> resources.shutdown(0, 1, TimeUnit.SECONDS))
                .thenRun(() -> loops.shutdown(0, 1, TimeUnit.SECONDS));
    }

    private boolean last(RedisURI node) {
        return node.equals(place.nodes().get(place.nodes().size() - 1));
    }

    /** Who has the log's slot, as {@code node} tells. */
    private Mono<RedisURI> ownerBy(RedisURI node) {
        return connect(node)
                .flatMap(connection -> Mono.fromFuture(
                                () -> connection.async().clusterSlots().toCompletableFuture())
                        .map(slots -> ownerOf(SlotHash.getSlot(anyKey), slots, node))
                        .doFinally(end -> close(connection)));
    }

    /** @param slots ranges, each with its first slot, its last and then its nodes, the master first */
    private static RedisURI ownerOf(int slot, List<Object> slots, RedisURI asked) {
        for (Object each : slots) {
            if (each instanceof List<?> range
                    && range.get(0) instanceof Long from
                    && range.get(1) instanceof Long to
                    && from <= slot
                    && slot <= to
                    && range.get(2) instanceof List<?> master
                    && master.get(1) instanceof Long port) {
                String host = master.get(0) instanceof byte[] name ? new String(name, StandardCharsets.UTF_8) : "";
                return RedisURI.builder(asked)
                        .withHost(host.isEmpty() ? asked.getHost() : host)
                        .withPort(port.intValue())
                        .build();
            }
        }
        throw new IllegalStateException("no node of the cluster has slot " + slot);
    }
}
