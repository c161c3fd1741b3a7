package io.observer.log.redis;

import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three nodes of a cluster, and between them the slot of the keys that a test is about. */
final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;

    private final int slot;
    private final List<RedisProcess> nodes =
            Stream.generate(RedisProcess::ofCluster).limit(3).toList();

    RedisCluster(String key) {
        slot = SlotHash.getSlot(key);
        nodes.get(0).call("CLUSTER ADDSLOTSRANGE 0 " + (SLOTS - 1));
        for (RedisProcess node : nodes) {
            nodes.get(0).call("CLUSTER MEET 127.0.0.1 %d %d".formatted(node.port(), node.clusterPort()));
        }
        await(() -> nodes.stream().allMatch(RedisCluster::isWhole));
        moveSlot(1);
    }

    /** The URL of the whole, as somebody writes it who knows two of its nodes. */
    String url() {
        return "redis-cluster://127.0.0.1:%d,127.0.0.1:%d"
                .formatted(nodes.get(0).port(), nodes.get(2).port());
    }

    RedisProcess node(int number) {
        return nodes.get(number);
    }

    /** Has the slot's owner and node {@code to} agree on moving it. Until then its keys are with neither for sure. */
    void beginMove(int from, int to) {
        node(to).call("CLUSTER SETSLOT %d IMPORTING %s".formatted(slot, id(from)));
        node(from).call("CLUSTER SETSLOT %d MIGRATING %s".formatted(slot, id(to)));
    }

    /** Moves the keys of the slot. */
    void moveKeys(int from, int to) {
        List<String> keys =
                RedisProcess.asked(node(from).url(), commands -> commands.clusterGetKeysInSlot(slot, 1_000));
        List<String> words = new ArrayList<>(
                List.of("MIGRATE", "127.0.0.1", Integer.toString(node(to).port()), "\"\"", "0", "5000", "KEYS"));
        words.addAll(keys);
        if (!keys.isEmpty()) {
            node(from).call(String.join(" ", words));
        }
    }

    /** From now on the slot is that of node {@code to}, and all know. */
    void endMove(int to) {
        nodes.get(to).call("CLUSTER SETSLOT %d NODE %s".formatted(slot, id(to)));
        nodes.forEach(node -> node.call("CLUSTER SETSLOT %d NODE %s".formatted(slot, id(to))));
    }

    private void moveSlot(int to) {
        beginMove(0, to);
        endMove(to);
    }

    private String id(int number) {
        return RedisProcess.asked(node(number).url(), commands -> commands.clusterMyId());
    }

    private static boolean isWhole(RedisProcess node) {
        String info = RedisProcess.asked(node.url(), commands -> commands.clusterInfo());
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
    }

    private static void await(Callable<Boolean> there) {
        Awaitility.await("the cluster")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(there);
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
