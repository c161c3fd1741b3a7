package io.observer.log.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the log stands in Redis.
 *
 * @param last newest id given
 * @param first oldest id that is retained, one more than {@code last} when none is
 * @param before epoch of the log that this one went on from when it had lost events; empty if there is none
 */
record RedisLife(String epoch, long last, long first, String before) {

    /** @param answer of the script that joins */
    static RedisLife of(List<@Nullable Object> answer) {
        return new RedisLife(
                RedisScript.text(answer.get(0)),
                RedisScript.number(answer.get(1)),
                RedisScript.number(answer.get(2)),
                RedisScript.text(answer.get(3)));
    }
}
