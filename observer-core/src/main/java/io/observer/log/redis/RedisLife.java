package io.observer.log.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the log stands in Redis.
 *
 * @param last newest id given
 * @param first oldest id that is retained, one more than {@code last} when none is
 */
record RedisLife(String epoch, long last, long first) {

    /** @param answer of the scripts that tell it */
    static RedisLife of(List<@Nullable Object> answer) {
        return new RedisLife(
                RedisScript.text(answer.get(0)), RedisScript.number(answer.get(1)), RedisScript.number(answer.get(2)));
    }
}
