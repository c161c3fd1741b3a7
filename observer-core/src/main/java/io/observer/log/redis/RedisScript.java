package io.observer.log.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A script that Redis runs as one step, named by its digest and sent in full only where Redis does not know it. */
enum RedisScript {
    JOIN(4),
    APPEND(4),
    TEND(4),
    JOB(0),
    JOBS(0);

    private final int answers;
    private final byte[] text;
    private final String digest;

    /** @param answers how many values its answer has at least */
    RedisScript(int answers) {
        this.answers = answers;
        String file = name().toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream found = RedisScript.class.getResourceAsStream(file)) {
            if (found == null) {
                throw new IllegalStateException(file + " is missing from the jar");
            }
            text = found.readAllBytes();
            digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (IOException | NoSuchAlgorithmException failure) {
            throw new UncheckedIOException(new IOException("cannot read " + file, failure));
        }
    }

    /** What the script answers: numbers, bytes, lists of them, null. */
    Mono<List<@Nullable Object>> run(
            StatefulRedisConnection<String, byte[]> connection, String[] keys, byte[]... arguments) {
        return Mono.fromFuture(() -> connection
                        .async()
                        .<List<@Nullable Object>>evalsha(digest, ScriptOutputType.MULTI, keys, arguments)
                        .toCompletableFuture())
                .onErrorResume(
                        RedisNoScriptException.class,
                        unknown -> Mono.fromFuture(() -> connection
                                .async()
                                .<List<@Nullable Object>>eval(text, ScriptOutputType.MULTI, keys, arguments)
                                .toCompletableFuture()))
                .filter(answer -> answer.size() >= answers)
                .switchIfEmpty(Mono.error(() -> new RedisCommandExecutionException("something else than expected")));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static String text(@Nullable Object bytes) {
        return bytes instanceof byte[] found ? new String(found, StandardCharsets.UTF_8) : "";
    }

    static long number(@Nullable Object number) {
        return number instanceof Long found ? found : 0;
    }
}
