package io.observer.log.redis;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One Redis for all tests that do it no harm: that of {@code REDIS_URL} when it is set. Each asks for a prefix of its own. */
final class SharedRedis {

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static @Nullable String url;

    private SharedRedis() {}

    static synchronized String url() {
        if (url == null) {
            url = System.getenv("REDIS_URL");
        }
        if (url == null) {
            RedisProcess started = RedisProcess.with();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            url = started.url();
        }
        return url;
    }

    static String newPrefix() {
        return "test-" + ProcessHandle.current().pid() + "-" + PREFIXES.incrementAndGet();
    }
}
