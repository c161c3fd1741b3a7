package io.observer.log.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections to Redis from when they were made until one of them fails: then all are given up. Reading has its own,
 * so that large answers hold up no publisher, and so has waiting for news.
 */
final class RedisSession {

    private final List<StatefulRedisConnection<String, byte[]>> connections = new ArrayList<>(3);
    private boolean closed;

    StatefulRedisConnection<String, byte[]> writes() {
        return connections.get(0);
    }

    StatefulRedisConnection<String, byte[]> reads() {
        return connections.get(1);
    }

    StatefulRedisConnection<String, byte[]> news() {
        return connections.get(2);
    }

    synchronized void add(StatefulRedisConnection<String, byte[]> connection) {
        if (closed) {
            RedisConnector.close(connection);
        } else {
            connections.add(connection);
        }
    }

    synchronized void close() {
        closed = true;
        connections.forEach(RedisConnector::close);
    }
}
