package io.observer.e2e.nodes;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.RedisServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Servers over one Redis. Readers have so much room that none is ever told of a gap, however busy the machine is. */
final class Nodes implements AutoCloseable {

    private final List<ObserverServer> all;
    private final List<ObserverServer> alive;

    private Nodes(List<ObserverServer> all) {
        this.all = all;
        this.alive = new CopyOnWriteArrayList<>(all);
    }

    static Nodes start(int count, RedisServer redis) {
        List<CompletableFuture<ObserverServer>> starting = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> ObserverServer.start(
                                "--log=redis",
                                "--observer.redis.url=" + redis.url(),
                                "--observer.bus.max-queue-size=1000000",
                                "--observer.stream.queue-bytes=256MB")))
                .limit(count)
                .toList();
        return new Nodes(starting.stream().map(CompletableFuture::join).toList());
    }

    /** Those that were not killed. */
    List<ObserverServer> alive() {
        return List.copyOf(alive);
    }

    ObserverServer alive(int n) {
        List<ObserverServer> now = alive();
        return now.get(Math.floorMod(n, now.size()));
    }

    /** SIGKILL; who asks for a node from now on gets another. */
    void kill(ObserverServer node) {
        alive.remove(node);
        node.kill();
    }

    @Override
    public void close() {
        all.forEach(ObserverServer::close);
    }
}
