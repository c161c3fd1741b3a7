package io.observer.log.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.observer.event.Echo;
import io.observer.log.LogStorageException;
import io.observer.log.LogUnavailableException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with Redis.
 *
 * @param effect what follows from it
 * @param sentence for an operator; goes on after "Redis at host:port"
 */
record RedisFault(Effect effect, String sentence) {

    enum Effect {
        /** It is there and takes no events now. */
        REFUSES,
        /** Not with this server, or not under this epoch, or not at all: connections are made anew. */
        LOST
    }

    static final RedisFault OTHER_EPOCH = new RedisFault(Effect.LOST, "has begun the log anew");

    static final RedisFault RECONNECTING = new RedisFault(Effect.LOST, "is being connected anew");

    static final RedisFault SLOW = new RedisFault(Effect.LOST, "did not answer in time");

    private static final Map<String, RedisFault> BY_CODE = Map.ofEntries(
            refuses("OOM", "is out of memory: its maxmemory is reached"),
            refuses("MISCONF", "takes no writes because it cannot save its data to disk"),
            refuses("NOREPLICAS", "takes no writes because too few of its replicas are there"),
            refuses(
                    "WRONGTYPE",
                    "holds something else under the names of this log; choose another observer.redis.prefix"),
            refuses("NOPERM", "does not let its user run what a log needs; see docs/redis.md for the commands"),
            lost("READONLY", "is a replica, which takes no writes; observer.redis.url must lead to the master"),
            lost(
                    "UNBLOCKED",
                    "has become a replica, which takes no writes; observer.redis.url must lead to the master"),
            lost("MASTERDOWN", "is a replica whose master is down"),
            lost("LOADING", "is still loading its data"),
            lost("BUSY", "is busy with a script of somebody else"),
            lost("NOAUTH", "asks for a password; set observer.redis.password"),
            lost("WRONGPASS", "refuses the password; check observer.redis.password"),
            lost("MOVED", "is a node of a cluster that does not have the log; use a redis-cluster:// URL"),
            lost("ASK", "is a node of a cluster that is giving the log away"),
            lost("TRYAGAIN", "is a node of a cluster that is giving the log away"),
            lost("CLUSTERDOWN", "is a node of a cluster that is down"),
            lost("EPOCH", OTHER_EPOCH.sentence()));

    static RedisFault of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            RedisFault known = known(cause);
            if (known != null) {
                return known;
            }
        }
        return new RedisFault(Effect.LOST, "cannot be reached");
    }

    boolean isLost() {
        return effect == Effect.LOST;
    }

    /** What a publisher is told whose events Redis has refused. */
    RuntimeException refusal(Throwable failure) {
        return new LogStorageException("Redis " + sentence + "; nothing was stored", failure);
    }

    /** What a publisher is told whose events Redis was not even asked to store, or refused as not its own. */
    LogUnavailableException unstored() {
        return new LogUnavailableException("Redis " + sentence + "; nothing was stored, try again");
    }

    /** What a publisher is told whose events Redis was asked to store when it went away. */
    static LogUnavailableException unknown() {
        return new LogUnavailableException(
                "Redis went away before it answered; whether these events were stored is not known");
    }

    /** What whoever reads is told. */
    LogUnavailableException unreadable() {
        return new LogUnavailableException("Redis " + sentence + ", and what was asked for is not in memory");
    }

    private static @Nullable RedisFault known(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof RedisCommandExecutionException) {
            RedisFault byCode = BY_CODE.get(message.split("[ :]", 2)[0]);
            if (byCode != null) {
                return byCode;
            }
            if (message.contains("invalid password") || message.contains("without any password")) {
                return BY_CODE.get("WRONGPASS");
            }
            if (message.contains("user executing the script")) {
                return BY_CODE.get("NOPERM");
            }
            if (message.contains("not an integer") || message.contains("WRONGTYPE")) {
                return BY_CODE.get("WRONGTYPE");
            }
            if (message.contains("nknown") && message.contains("command")) {
                return new RedisFault(
                        Effect.REFUSES, "does not know a command that a log needs; it must be 6.2 or later");
            }
            return new RedisFault(Effect.REFUSES, "answers '" + Echo.of(message) + "'");
        }
        if (cause instanceof TimeoutException) {
            return new RedisFault(Effect.LOST, "does not answer");
        }
        if (cause instanceof UnknownHostException) {
            return new RedisFault(Effect.LOST, "has a host name that nobody knows; check observer.redis.url");
        }
        if (cause instanceof SSLException) {
            return new RedisFault(Effect.LOST, "does not agree on TLS: " + Echo.of(message));
        }
        return null;
    }

    private static Map.Entry<String, RedisFault> refuses(String code, String sentence) {
        return Map.entry(code, new RedisFault(Effect.REFUSES, sentence));
    }

    private static Map.Entry<String, RedisFault> lost(String code, String sentence) {
        return Map.entry(code, new RedisFault(Effect.LOST, sentence));
    }
}
